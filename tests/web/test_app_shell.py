"""The app itself lies on the tablet: it opens without a line, and asks nobody else."""

from collections.abc import Callable

from infra import icons
from tests.house.ground import ROOT
from tests.web.desk import Desk
from tests.web.tablet import Tablet


def test_it_opens_from_cold_with_neither_line_nor_server(served: Desk, tablet: Tablet):
    """U01: with a job that was taken home and never opened."""
    tablet.ready_for_offline()
    tablet.offline()
    served.kill()
    tablet.kill()

    tablet.again()

    tablet.took_home()
    assert tablet.seen.trouble == []


def test_every_screen_can_be_fetched_without_a_line(tablet: Tablet):
    """What is fetched when it is first needed lies on the tablet by then."""
    tablet.ready_for_offline()
    tablet.offline()
    for where in ("outbox", "day-end", "settings", "going-out", "people", "found"):
        tablet.open(f"#/{where}")
        tablet.page.locator("main h1, header h1").first.wait_for()

    assert tablet.seen.trouble == []


def test_nothing_of_the_api_lies_in_a_cache(tablet: Tablet):
    tablet.ready_for_offline()

    kept = tablet.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const one of await cache.keys()) found.push(new URL(one.url).pathname);
          }
          return found;
        }"""
    )

    assert "/tablet/" in kept
    assert all(path.startswith("/tablet/") for path in kept)


def test_a_portals_page_does_not_get_into_the_app(
    served: Desk, tablets: Callable[..., Tablet]
):
    """What has the right name and the wrong bytes is not kept; nothing else then is."""
    for path in (served.app / "assets").glob("outbox-*.js*"):
        path.unlink() if path.suffix in (".gz", ".br") else path.write_text("<html>")
    tablet = tablets(enrolled=False)

    told = tablet.page.evaluate(
        """async () => {
          // asked for anew: the app's own attempt may be over before anybody looks
          const seen = await navigator.serviceWorker.register(
            "/tablet/worker.js", { updateViaCache: "none" });
          const worker = seen.installing;
          if (worker.state === "installing") {
            await new Promise((done) => worker.addEventListener("statechange", done));
          }
          return worker.state;
        }"""
    )

    assert told == "redundant"


def test_a_browser_finds_nothing_against_installing_it(tablet: Tablet):
    """U29."""
    tablet.ready_for_offline()

    told = tablet.devtools.send("Page.getInstallabilityErrors")
    manifest = tablet.devtools.send("Page.getAppManifest")

    assert told["installabilityErrors"] == []
    assert manifest["errors"] == []


def test_the_icon_is_the_one_that_would_be_drawn_today():
    lying = {
        name: (ROOT / "field_client" / "web" / "public" / name).read_bytes()
        for name in icons.drawn()
    }

    assert lying == icons.drawn()
