"""A detector of residue that knows nothing of the lexicon it judges.

Written from what readers complain of, as plain expressions over whole lines, apart from the
lexicon but after it. It errs on the side of finding: its hits are read by eye.
"""

from __future__ import annotations

import re

_I = re.IGNORECASE
_SHORT = 160  # characters; longer lines are judged by the notices' expressions only

NOTICES = {
    "consent": re.compile(
        r"\b(?:we|our (?:web)?sites?|this (?:web)?site|our partners)\b.{0,60}\bcookies?\b.{0,200}"
        r"\b(?:experience|consent|accept|agree|traffic|policy|preferences|settings)\b"
        r"|\bby (?:continuing|using|clicking|browsing)\b.{0,80}\bcookies?\b"
        r"|\bcookies?\b.{0,60}\b(?:accept all|reject all|manage preferences)\b",
        _I,
    ),
    "comment": re.compile(
        r"\byour e-?mail address will not be published|\brequired fields are marked"
        r"|\byou must (?:be logged in|log in|sign in|register) to (?:post|leave|comment|reply)"
        r"|\bsave my name,? e-?mail",
        _I,
    ),
    "newsletter": re.compile(
        r"\b(?:subscribe|sign up|join)\b.{0,60}\b(?:our|the|free|weekly|daily)\b.{0,30}\bnewsletters?\b"
        r"|\b(?:newsletters?|stories|news|updates|latest)\b.{0,60}\b(?:to|in) your inbox",
        _I,
    ),
    "browser": re.compile(
        r"\b(?:enable|turn on|activate)\b.{0,20}\bjavascript\b|\bjavascript\b.{0,30}\b(?:disabled|required)\b"
        r"|\bbrowser\b.{0,30}\b(?:does not|doesn't|no longer)\b.{0,10}\bsupport",
        _I,
    ),
}
LABELS = {
    "comment": re.compile(
        r"(?:leave|post|write|add|submit) (?:a|your) (?:reply|comment|response)\W*(?:cancel reply)?\W*"
        r"|(?:view|show|load|read|see|hide) (?:all |more |\d+ )*comments?\W*|\d+ comments?\W*"
        r"|(?:be the first to comment|comments are closed|no comments yet|cancel reply|post comment)\W*",
        _I,
    ),
    "share": re.compile(
        r"(?=.*(?:share|tweet|pin|facebook|twitter|linkedin|pinterest|whatsapp|reddit|telegram|instagram|copy|follow))"
        r"(?:share|tweet|pin|like|follow|email|e-mail|print|copy link|facebook|twitter|x|linkedin|pinterest|"
        r"whatsapp|reddit|telegram|instagram|youtube|this|article|post|story|page|on|via|us|it|by|with|to|and|"
        r"friend|a|clipboard|copy|link|share:|save|messenger|\W)+",
        _I,
    ),
    "newsletter": re.compile(
        r"(?:subscribe|sign up|subscribe now|newsletter|newsletters|sign up now|enter your email(?: address)?|"
        r"your email address|get the newsletter|subscribe to our newsletter)\W*",
        _I,
    ),
    "related": re.compile(
        r"(?:related|recommended|more|other|popular|recent|latest|trending|similar)"
        r" (?:articles?|posts?|stories|reading|news|content|topics)\W*"
        r"|(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|read (?:next|more|also)|see also|"
        r"most read|most popular|continue reading|recommended for you|trending now|more from .{1,40})\W*"
        r"|(?:read (?:more|next|also)|related|also read|see also)\s*[:|–-].{3,140}",
        _I,
    ),
    "navigation": re.compile(
        r"(?:skip to (?:main )?content|back to (?:top|home)|toggle (?:navigation|menu)|main menu|menu|search|home|"
        r"next(?: (?:post|article|page))?|previous(?: (?:post|article|page))?|table of contents|jump to.{0,30}|"
        r"home(?: ?[»›>/|] ?[^.!?]{2,60})+)\W*",
        _I,
    ),
    "advertisement": re.compile(
        r"\W*(?:advertise?ments?|sponsored|ads?|promoted)(?: content| post)?\W*", _I
    ),
    "copyright": re.compile(
        r".{0,80}\ball rights reserved\b.{0,80}|(?:©|copyright|\(c\)).{0,10}\d{4}.{0,80}", _I
    ),
    "author": re.compile(
        r"(?:about the author|view all posts by .{2,40}|more from this author|author bio)\W*", _I
    ),
    "tags": re.compile(
        r"(?:tags?|topics|categories|filed under|posted in|tagged(?: with)?)\s*:?.{0,100}", _I
    ),
    "reading_time": re.compile(r"\W*(?:reading time:?\s*)?\d+\W*min(?:ute)?s?\.?(?: read)?\W*", _I),
    "login": re.compile(
        r"(?:log ?in|sign in|register|create (?:an )?account|already (?:a )?(?:subscriber|member|registered).{0,30}|"
        r"forgot (?:your )?password|subscribe to (?:continue|read|keep).{0,40})\W*",
        _I,
    ),
    "app": re.compile(r"(?:download|get|install) (?:the|our) app\b.{0,40}|open in app\W*", _I),
    "embed": re.compile(r"view this post on .{3,20}|a post shared by .{2,60}", _I),
}
# German, French and Polish, for pages in them.
ABROAD_NOTICES = {
    "consent": re.compile(
        r"\b(?:wir|unsere|diese) .{0,60}\bcookies\b.{0,200}\b(?:einwillig|zustimm|einverstanden|erlebnis|nutzung)"
        r"|\bcookies?\b.{0,80}\b(?:akzeptieren|ablehnen|zustimmen|accepter|refuser|akceptuj)"
        r"|\b(?:nous|notre|ce site)\b.{0,60}\bcookies\b.{0,200}\b(?:accept|navigation|consent|expérience)"
        r"|\b(?:strona|serwis|witryna|używamy|wykorzystujemy)\b.{0,60}\b(?:cookies|ciasteczk)",
        _I,
    ),
    "comment": re.compile(
        r"\be-?mail-?adresse wird nicht veröffentlicht|\berforderliche felder sind"
        r"|\b(?:adresse|e-mail|messagerie)\b.{0,30} ne sera pas publiée|\bchamps obligatoires"
        r"|\badres e?-?mail nie zostanie opublikowany|\bwymagane pola są"
        r"|\b(?:zaloguj się|musisz się zalogować|melde dich an|connectez-vous)\b.{0,40}\b(?:koment|komment|comment)",
        _I,
    ),
    "newsletter": re.compile(
        r"\b(?:abonnier\w*|anmelden|bestell\w*)\b.{0,60}\bnewsletter|\bnewsletter\b.{0,40}\b(?:abonnieren|anmelden)"
        r"|\b(?:abonnez-vous|inscrivez-vous)\b.{0,60}\b(?:newsletter|lettre)"
        r"|\b(?:zapisz się|zapisz|subskrybuj)\b.{0,60}\bnewsletter",
        _I,
    ),
}
ABROAD_LABELS = {
    "comment": re.compile(
        r"(?:kommentar (?:schreiben|verfassen|hinterlassen)|schreibe einen kommentar|antwort abbrechen"
        r"|\d+ kommentare?|laisser un commentaire|annuler la réponse|\d+ commentaires?|poster un commentaire"
        r"|dodaj komentarz|zostaw komentarz|anuluj pisanie odpowiedzi|\d+ komentarz[ey]?)\W*",
        _I,
    ),
    "share": re.compile(
        r"(?:(?:teilen|teile|drucken|merken|twittern|partager|imprimer|tweeter|udostępnij|drukuj|tweetnij"
        r"|artikel|beitrag|diesen|dieses|cet|article|auf|sur|na|per|e-?mail|facebook|twitter|whatsapp)\W*)+",
        _I,
    ),
    "related": re.compile(
        r"(?:das könnte (?:sie|dich) auch interessieren|mehr zum thema|lesen sie auch|auch interessant"
        r"|meistgelesen|à lire aussi|lire aussi|sur le même sujet|articles similaires|les plus lus"
        r"|czytaj także|czytaj też|zobacz też|zobacz także|przeczytaj również|polecamy|podobne wpisy"
        r"|(?:lesen sie auch|à lire aussi|lire aussi|czytaj także|czytaj też|zobacz też)\s*[:|–-].{3,140})\W*",
        _I,
    ),
    "navigation": re.compile(
        r"(?:zum inhalt springen|nach oben|zur startseite|aller au contenu|retour en haut|accueil"
        r"|przejdź do treści|strona główna|do góry|(?:nächster|vorheriger) (?:artikel|beitrag))\W*",
        _I,
    ),
    "advertisement": re.compile(r"\W*(?:anzeige|werbung|publicité|reklama)\W*", _I),
    "copyright": re.compile(
        r".{0,80}\b(?:alle rechte vorbehalten|tous droits réservés|wszelkie prawa zastrzeżone)\b.{0,80}",
        _I,
    ),
    "tags": re.compile(r"(?:schlagwörter|stichwörter|mots-clés|étiquettes|tagi)\s*:?.{0,100}", _I),
}
SERIOUS = frozenset({"consent", "comment", "share", "newsletter"})


def residue(line: str) -> str | None:
    """The family of residue that `line` seems to be, or `None`."""
    for notices in (NOTICES, ABROAD_NOTICES):
        for family, notice in notices.items():
            if notice.search(line):
                return family
    if len(line) > _SHORT:
        return None
    labels = (*LABELS.items(), *ABROAD_LABELS.items())
    return next((family for family, label in labels if label.fullmatch(line)), None)
