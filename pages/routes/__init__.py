"""The app's own addresses beside the pages: sign in, sign out, health, and what the rating room asks."""

from pages.routes.health import HEALTH_ROUTES
from pages.routes.room import ROOM_ROUTES
from pages.routes.signing import SIGNING_ROUTES

ROUTES = [*SIGNING_ROUTES, *HEALTH_ROUTES, *ROOM_ROUTES]
