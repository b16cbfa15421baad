"""What users read, in English and German: gettext catalogues and what reads them."""
