"""What every request passes through before Streamlit has it, from the outside in."""

from starlette.middleware import Middleware

from pages.layers.bundle import Bundle
from pages.layers.doors import Doors
from pages.layers.headers import SecurityHeaders
from pages.layers.nested import Nested
from pages.layers.own_words import OwnWords

LAYERS = [Middleware(one) for one in (SecurityHeaders, Bundle, Nested, OwnWords, Doors)]
