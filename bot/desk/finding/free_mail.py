"""Mail services that anybody may use: a domain of theirs says nothing about whose message it is."""

from typing import Final

_DOMAINS: Final = """
gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de outlook.com outlook.de hotmail.com hotmail.de
hotmail.co.uk hotmail.fr hotmail.it live.com live.de live.co.uk live.nl msn.com passport.com yahoo.com yahoo.de
yahoo.co.uk yahoo.co.in yahoo.fr yahoo.it yahoo.es ymail.com rocketmail.com aol.com aol.de icloud.com me.com mac.com
t-online.de magenta.de freenet.de arcor.de vodafone.de vodafonemail.de 1und1.de online.de email.de mail.de posteo.de
posteo.net mailbox.org tutanota.com tutanota.de tuta.io tuta.com protonmail.com proton.me pm.me protonmail.ch
fastmail.com hey.com zoho.com zohomail.eu mail.com email.com mail.ru yandex.com yandex.ru inbox.ru list.ru bk.ru
rambler.ru ukr.net seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl bluewin.ch hispeed.ch sunrise.ch aon.at
chello.at orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it tin.it ziggo.nl
kpnmail.nl planet.nl hetnet.nl xs4all.nl skynet.be telenet.be btinternet.com sky.com talktalk.net virginmedia.com
ntlworld.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net rogers.com sympatico.ca
bigpond.com optusnet.com.au rediffmail.com qq.com 163.com 126.com naver.com hanmail.net daum.net uol.com.br
bol.com.br terra.com.br
"""
_ANYBODYS: Final = frozenset(_DOMAINS.split())


def is_anybodys(domain: str) -> bool:
    """Whether an address of this domain (lower case) may be anybody's."""
    return domain in _ANYBODYS
