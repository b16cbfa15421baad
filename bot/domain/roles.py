"""The five partner roles of the article (facts/upgrade-article.md). Nobody else may do anything."""

from enum import StrEnum


class PartnerRole(StrEnum):
    """A partner role by its key. Its name in a language stands in the locale catalogues."""

    GLOBAL_ADMIN = "global_admin"
    USER_ADMIN = "user_admin"
    ADMIN_AGENT = "admin_agent"
    SALES_AGENT = "sales_agent"
    HELPDESK_AGENT = "helpdesk_agent"
