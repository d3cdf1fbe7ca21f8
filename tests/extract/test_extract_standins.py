"""Stand-ins are recognised, pages in their own right are not.

The pages here are of our own writing, modelled on what vendors and platforms serve.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_pages import HELD_OUT, MORE

from scrubber.extract.standins import recognise
from scrubber.models import Block, Draft, Page

ROOT = Path(__file__).resolve().parents[2]
WCXB = ROOT / ".." / "shared" / "data" / "wcxb-dev" / "html"
SAMPLES = ROOT / "samples" / "pages"

NAV = "<nav><a href=/>Home</a> <a href=/news>News</a> <a href=/about>About us</a></nav>"
FOOTER = (
    "<footer>© 2026 Example Ltd. <a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a></footer>"
)
LINKS = "".join(
    f"<li><a href=/{n}>Another story that may interest you, number {n}</a>" for n in range(60)
)
PROSE = "<p>The harbour was quiet that morning, and nobody on the quay spoke of the storm.</p>" * 60

STANDINS = {
    # challenges
    "bot_wall cloudflare": "<title>Just a moment...</title><script>window._cf_chl_opt={cType:'managed'}</script>"
    "<noscript>Enable JavaScript and cookies to continue</noscript>",
    "bot_wall cloudflare in German": "<title>Nur einen Moment…</title><h1>beispiel.de</h1><p>Bestätigen Sie, dass Sie ein Mensch sind."
    "<p>beispiel.de muss die Sicherheit Ihrer Verbindung überprüfen.<script>window._cf_chl_opt={}</script>",
    "bot_wall cloudflare in Japanese": "<title>しばらくお待ちください...</title><p>人間であることを確認します。"
    "<script>(function(){window._cf_chl_opt={}})()</script>",
    "bot_wall cloudflare in Russian": "<title>Один момент…</title><p>Подтвердите, что вы человек. Это займёт несколько секунд.",
    "bot_wall cloudflare in Turkish": "<title>Bir dakika lütfen...</title><p>İnsan olduğunuzu doğrulayın.",
    "bot_wall cloudflare block": "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>"
    "<p>You are unable to access example.org<h2>Why have I been blocked?</h2><p>This website is using a security service to protect itself from online attacks.<p>Cloudflare Ray ID: 8a",
    "bot_wall datadome": "<html><head><title>example.org</title></head><body><p>Please enable JS and disable any ad blocker</p>"
    "<script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>",
    "bot_wall perimeterx": "<title>Access to this page has been denied</title><div id=px-captcha></div>"
    "<p>Access to this page has been denied because we believe you are using automation tools to browse the website.",
    "bot_wall human press and hold": "<title>Robot or human?</title><h1>Activate and hold the button to confirm that you're human</h1><p>Press & Hold to confirm you are a human (and not a bot).<div id='px-captcha'></div>",
    "bot_wall imperva": "<html><head><META NAME='robots' CONTENT='noindex'></head><body><iframe src='/_Incapsula_Resource?CWUDNSAI=23&xinfo=1'>"
    "Request unsuccessful. Incapsula incident ID: 123-456</iframe><p>Request unsuccessful. Incapsula incident ID: 123",
    "bot_wall imperva interruption": "<title>Pardon Our Interruption</title><h1>Pardon Our Interruption...</h1>"
    "<p>As you were browsing something about your browser made us think you were a bot. There are a few reasons this might happen:<ul><li>You're a power user moving through this website with super-human speed.</ul>",
    "bot_wall akamai": "<title>Access Denied</title><h1>Access Denied</h1>You don't have permission to access \"http://example.org/\" on this server.<p>Reference #18.5c1 https://errors.edgesuite.net/18.5c1",
    "bot_wall akamai challenge": "<title>example</title><div id='sec-if-cpt-container'></div><script src='/_sec/cp_challenge/x.js'></script>",
    "bot_wall aws": "<title></title><script>window.awsWafCookieDomainList=[];</script><script src='https://x.token.awswaf.com/x/challenge.js'></script>"
    "<div id=challenge-container></div><noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you're not a robot.</noscript>",
    "bot_wall f5": "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 123",
    "bot_wall sucuri": "<title>Sucuri WebSite Firewall - Access Denied</title><h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner, please whitelist your IP.",
    "bot_wall ddos-guard": "<title>DDoS-Guard</title><h1>Checking your browser before accessing example.org</h1><script src='/.well-known/ddos-guard/check'></script>",
    "bot_wall vercel": "<title>Vercel Security Checkpoint</title><p>We're verifying your browser<script src='/.well-known/vercel/security/static/challenge.v2.min.js'></script>",
    "bot_wall anubis": "<title>Making sure you're not a bot!</title><script id=anubis_challenge type=application/json>{}</script><h1>Making sure you're not a bot!</h1><p>Loading...",
    "bot_wall search engine": "<title>https://example.org/search</title><p>Our systems have detected unusual traffic from your computer network. This page checks to see if it's really you sending the requests, and not a robot.",
    "bot_wall shop": "<title>Robot Check</title><h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you're not a robot.<img src=/captcha/a.jpg><input name=field>",
    "bot_wall yandex": "<title>Вы не робот?</title><p>Подтвердите, что запросы отправляли вы, а не робот<script src='https://smartcaptcha.yandexcloud.net/captcha.js'></script>",
    "bot_wall baidu": "<title>百度安全验证</title><p>网络不给力,请稍后重试",
    "bot_wall wordfence": "<title>Your access to this site has been limited by the site owner</title><h1>Your access to this site has been limited by the site owner</h1><p>Your access to this service has been limited. (HTTP response code 503)",
    "bot_wall french": "<title>Un instant…</title><h1>exemple.fr</h1><p>Vérifiez que vous êtes humain en complétant l’action ci-dessous.",
    "bot_wall spanish": "<title>Un momento…</title><p>Verifique que es un ser humano completando la acción.",
    "bot_wall chinese": "<title>请稍候…</title><p>请完成以下操作,确认您是真人。",
    "bot_wall reddit-like": "<title>Blocked</title><h1>whoa there, pardner!</h1><p>You've been blocked by network security. To continue, log in.",
    "bot_wall bare nginx 403": "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center>",
    # pages that are gone
    "soft_404 bare": "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.",
    "soft_404 wordpress": f"<title>Page not found – Example Blog</title>{NAV}<h1>Oops! That page can’t be found.</h1>"
    f"<p>It looks like nothing was found at this location. Maybe try one of the links below or a search?</p><h2>Recent posts</h2><ul>{LINKS}</ul>{FOOTER}",
    "soft_404 german": f"<title>Seite nicht gefunden | Zeitung</title>{NAV}<h1>Seite nicht gefunden</h1><p>Die von Ihnen gesuchte Seite gibt es leider nicht.{FOOTER}",
    "soft_404 french": f"<title>Erreur 404 - Journal</title>{NAV}<h1>Page introuvable</h1><p>La page que vous recherchez n'existe pas ou plus.{FOOTER}",
    "soft_404 spanish": f"<title>Página no encontrada | Diario</title>{NAV}<h1>Error 404</h1><p>La página que buscas no existe.{FOOTER}",
    "soft_404 polish": f"<title>Nie znaleziono strony</title>{NAV}<h1>Błąd 404</h1><p>Strona, której szukasz, nie istnieje.",
    "soft_404 russian": f"<title>Страница не найдена — Газета</title>{NAV}<h1>404</h1><p>Запрашиваемая страница не найдена.",
    "soft_404 japanese": "<title>ページが見つかりません</title><p>お探しのページは移動または削除されました。",
    "soft_404 arabic": "<title>الصفحة غير موجودة</title><p>الصفحة التي تبحث عنها غير موجودة.",
    # domains without a site
    "parked_domain sale": "<title>example.org is for sale</title><h1>This domain is for sale!</h1><p>Buy this domain now. Make an offer.",
    "parked_domain links": "<title>example.org</title><script src='https://d1.parkingcrew.net/x.js'></script><p>Related searches: Insurance, Loans. Privacy Policy",
    "parked_domain expired": "<title>Domain expired</title><p>This domain has expired. If you are the owner, renew it.",
    "parked_domain nginx": "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.",
    "parked_domain apache": "<title>Apache2 Ubuntu Default Page: It works</title><p>This is the default welcome page used to test the correct operation of the Apache2 server after installation on Ubuntu systems.",
    "parked_domain german": "<title>beispiel.de steht zum Verkauf</title><h1>Diese Domain steht zum Verkauf</h1>",
    "parked_domain suspended": "<title>Account Suspended</title><p>This Account has been suspended. Contact your hosting provider for more information.",
    # questions first
    "consent_only search engine": "<title>Before you continue to Google Search</title><h1>Before you continue to Google</h1>"
    "<p>We use cookies and data to deliver and maintain services, track outages and protect against spam.<button>Reject all</button><button>Accept all</button>",
    "consent_only german pur": "<title>Zustimmung | Zeitung</title><h1>Mit Werbung weiterlesen oder Pur-Abo</h1><p>Wir und unsere Partner verarbeiten Daten. "
    "Um der Nutzung mit Werbung zuzustimmen, klicken Sie auf Alle akzeptieren.",
    "consent_only french": "<title>Votre vie privée</title><p>Nous et nos partenaires stockons des informations. <button>Tout accepter</button> <button>Continuer sans accepter</button>",
    "login_wall": "<title>Log in | Example</title><h1>Log in</h1><form><input name=user><input type=password name=p><button>Log in</button></form>",
    "login_wall spanish": "<title>Iniciar sesión</title><form><input name=u><input type=password></form>",
    # shells
    "app_shell react": "<title>Example</title><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=/a.js></script>",
    "app_shell vue in German": "<title>Beispiel</title><div id=app></div><noscript>Bitte aktivieren Sie JavaScript, um diese Seite zu nutzen.</noscript><script src=/a.js></script>",
    "app_shell message": "<title>Example</title><div id=app><p>This site requires JavaScript. Please enable JavaScript.</p></div><script src=/a.js></script>",
}  # fmt: skip

PAGES = {
    "article": f"<title>A storm at sea - Example</title>{NAV}<h1>A storm at sea</h1>{PROSE}{FOOTER}",
    "short note": "<title>Closed on Monday</title><h1>Closed on Monday</h1><p>The shop is closed on Monday for stocktaking.",
    "article about bot walls": f"<title>Just a moment: how challenge pages work</title><h1>Checking your browser</h1>{PROSE}<p>Verify you are human, says Cloudflare.",
    "article about the status 404": f"<title>404 Not Found: the history of an error | Magazine</title><h1>The history of an error</h1>{PROSE}",
    "song named Blocked": f"<title>Blocked</title><h1>Blocked</h1>{'<p>A song by a band, released in 1999 on their second record.</p>' * 10}",
    "article with a captcha below": f"<title>News</title>{PROSE}<form><div class=g-recaptcha></div><label>I'm not a robot</label></form>",
    "short page with a captcha in its form": "<title>Contact - Example Ltd.</title><h1>Contact</h1><p>Write to us: we answer within two working days. Our office in Bristol is open from nine to five. "
    + "You find us near the station, second floor. " * 15
    + "<form><div class=g-recaptcha></div>I'm not a robot</form>",
    "page behind cloudflare": f"<title>News</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>{PROSE}",
    "article with a cookie banner": f"<title>News</title><div>We value your privacy. We and our partners store cookies. Accept all cookies</div>{PROSE}",
    "cookie policy": f"<title>Cookie policy | Example</title><h1>Cookie policy</h1>{'<p>A cookie is a small file that a site stores; we and our partners use cookies to count visits.</p>' * 60}",
    "domain broker's article": f"<title>How to sell a domain</title><h1>Domain for sale</h1>{PROSE}<p>Put up a sign that says: this domain is for sale.",
    "article for members with a login form": f"<title>A storm at sea</title>{PROSE}<form>Log in<input type=password></form>",
    "app with its text in noscript": f"<title>Forum</title><div id=app></div><noscript>{PROSE}</noscript><script src=/a.js></script>",
    "app with its data in the page": '<title>App</title><div id=root></div><noscript>Please enable JavaScript</noscript><script id="__NEXT_DATA__">{"articleBody": "..."}</script>',
    "film that comes soon": f"<title>Coming soon | Cinema</title><h1>Coming soon</h1>{'<p>A film about a harbour and the people on its quay opens next month.</p>' * 20}",
    "help about logging in": f"<title>Log in | Help</title><h1>Log in</h1>{PROSE}<form><input name=username></form>",
    "newsletter form": "<title>Harbour news</title><h1>Harbour news</h1><p>The harbour was quiet that morning.<form><input type=email name=email></form>",
    "note about JavaScript": f"<title>Notes</title><h1>Notes</h1>{'<p>Our site works without JavaScript. If you see this, please enable JavaScript anyway.</p>' * 5}<script>1</script>",
    "article on age limits": f"<title>Age verification | Law review</title><h1>Age verification</h1>{PROSE}<p>You must be 18 or older to enter this site, says the law.",
    "short page behind cloudflare": "<title>Closed on Monday</title><p>The shop is closed on Monday.<script>a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>",
    "empty": "",
    "empty page without scripts": "<title>Nothing yet</title>",
    "not found beside real text": f"<title>Lost and not found - Short stories</title><h1>Page not found</h1>{PROSE}",
}  # fmt: skip


def draft_of(*texts: str) -> Draft:
    return Draft(blocks=tuple(Block(kind="paragraph", text=text) for text in texts))


@pytest.mark.parametrize("name", [*STANDINS, *MORE, *HELD_OUT])
def test_standin_is_recognised(name: str) -> None:
    html = {**STANDINS, **MORE, **HELD_OUT}[name]
    assert recognise(Page(html=html)) == name.split()[0]


@pytest.mark.parametrize("name", PAGES)
def test_page_in_its_own_right_is_let_through(name: str) -> None:
    assert recognise(Page(html=PAGES[name])) is None


def test_much_extracted_text_settles_the_matter() -> None:
    page = Page(html=STANDINS["soft_404 wordpress"])
    assert recognise(page, draft_of("Words to read. " * 500)) is None


def test_little_extracted_text_uncovers_an_error_page_in_a_large_template() -> None:
    html = f"<title>Page not found | Shop</title><h1>Page not found</h1><ul>{LINKS * 10}</ul>"
    assert recognise(Page(html=html)) is None
    assert recognise(Page(html=html), draft_of("Page not found")) == "soft_404"


def test_page_with_something_to_read_beside_its_question_about_cookies_is_let_through() -> None:
    question = "Wir und unsere Partner verarbeiten Daten. <button>Alle akzeptieren</button>"
    page = Page(html=f"<title>Preise</title><p>Zwei Pläne.</p><div>{question}</div>")
    assert recognise(page, draft_of("Der kleine Plan kostet nichts. " * 5)) is None
    assert recognise(page, draft_of("Wir und unsere Partner verarbeiten. " * 5)) == "consent_only"


def test_article_that_quotes_the_banner_above_it_is_let_through() -> None:
    banner = "<h2>We value your privacy</h2><p>We use cookies.</p><button>OK</button>"
    page = Page(html=f"<title>What banners ask</title>{banner}<h1>What banners ask</h1>")
    quoted = "“We and our partners store information” means 211 firms."
    prose = "They would like to leave a note in your pocket and read it in the next shop. " * 8
    assert recognise(page, draft_of(quoted, prose)) is None
    assert recognise(page, draft_of(quoted, "You can say no.")) == "consent_only"
    wall = Page(html=page.html.replace("What banners ask", "We value your privacy"))
    assert recognise(wall, draft_of(quoted, prose)) == "consent_only"


def test_shell_without_a_word_is_recognised_once_extraction_found_nothing() -> None:
    page = Page(html="<title>App</title><div id=root></div><script src=/a.js></script>")
    assert recognise(page) is None
    assert recognise(page, Draft(blocks=())) == "app_shell"


@given(st.text(max_size=400))
def test_any_text_has_an_answer(html: str) -> None:
    assert recognise(Page(html=html)) in {None, *(name.split()[0] for name in STANDINS)}


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.html")), ids=lambda path: path.name)
def test_sample_page_is_let_through(path: Path) -> None:
    assert recognise(Page(html=path.read_text("utf-8", "replace"))) is None


def test_no_real_page_of_the_corpus_is_refused() -> None:
    """Two of 1,497 are stand-ins indeed: a proof-of-work wall and an empty shop."""
    if not WCXB.is_dir():
        pytest.skip("the corpus wcxb-dev is not here")
    refused = {}
    for path in sorted(WCXB.glob("*.html.gz"))[::3]:
        html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        kind = recognise(Page(html=html), Draft(blocks=()))  # the hardest case: nothing extracted
        if kind:
            refused[path.name] = kind
    assert refused.keys() <= {"0551.html.gz", "4577.html.gz"}
