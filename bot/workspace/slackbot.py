"""Slack's own sentences, in two languages. They are Slack's words, not the product's, hence not in our catalogues."""

_NOT_A_COMMAND = (
    (
        "{command} is not a valid command. "
        "In Slack, all messages that start with the “/” character are interpreted as commands.\n"
        "If you are trying to send a message and not run a command, try preceding the “/” with an empty space."
    ),
    (
        "{command} ist kein gültiger Befehl. "
        "In Slack werden alle Nachrichten, die mit „/“ beginnen, als Befehle verstanden.\n"
        "Wenn Sie eine Nachricht senden und keinen Befehl ausführen möchten, setzen Sie ein Leerzeichen vor „/“."
    ),
)
_SENTENCES: dict[str, tuple[str, str]] = {
    "not_a_command": _NOT_A_COMMAND,
    "not_in_threads": (
        "{command} is not supported in threads. Sorry!",
        "{command} wird in Threads leider nicht unterstützt.",
    ),
    "command_failed": (
        "{command} failed with the error “{error}”",
        "{command} ist mit dem Fehler „{error}“ fehlgeschlagen",
    ),
    "action_failed": (
        "This app did not respond. Try again, or ask the app’s developer if it keeps happening.",
        "Diese App hat nicht geantwortet. Versuchen Sie es noch einmal, oder fragen Sie den Entwickler der App.",
    ),
    "modal_failed": (
        "We had some trouble connecting. Try again?",
        "Die Verbindung hat nicht geklappt. Noch einmal versuchen?",
    ),
    "options_failed": ("The options could not be loaded.", "Die Optionen konnten nicht geladen werden."),
    "messages_off": (
        "Sending messages to this app has been turned off.",
        "Das Senden von Nachrichten an diese App ist ausgeschaltet.",
    ),
    "required": ("Please complete this required field.", "Bitte füllen Sie dieses Pflichtfeld aus."),
    "too_short": ("Please enter at least {least} characters.", "Bitte geben Sie mindestens {least} Zeichen ein."),
    "too_long": ("Please enter at most {most} characters.", "Bitte geben Sie höchstens {most} Zeichen ein."),
    "too_many": ("Please choose at most {most}.", "Bitte wählen Sie höchstens {most} aus."),
    "not_email": ("Please enter a valid email address.", "Bitte geben Sie eine gültige E-Mail-Adresse ein."),
    "not_url": ("Please enter a valid URL.", "Bitte geben Sie eine gültige URL ein."),
    "not_number": ("Please enter a number.", "Bitte geben Sie eine Zahl ein."),
    "not_whole": ("Please enter a whole number.", "Bitte geben Sie eine ganze Zahl ein."),
    "too_small": ("Please enter {least} or more.", "Bitte geben Sie {least} oder mehr ein."),
    "too_large": ("Please enter {most} or less.", "Bitte geben Sie {most} oder weniger ein."),
}

SLACKBOT = "USLACKBOT"


def say(key: str, locale: str, **values: object) -> str:
    """A sentence in the language of a locale (`de…`: German, else English)."""
    english, german = _SENTENCES[key]
    return (german if locale.startswith("de") else english).format(**values)
