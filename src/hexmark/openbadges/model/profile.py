"""Issuers, creators and people: Profile with its address, and the pictures that describe anything."""

from dataclasses import dataclass

from hexmark.openbadges.model.identity import IdentifierEntry
from hexmark.openbadges.model.json_object import Document, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(JsonObject):
    """A picture, by its URL or as a data: URL."""

    id: str
    type: str = "Image"
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoCoordinates(JsonObject):
    """A place on earth, in degrees."""

    type: str = "GeoCoordinates"
    latitude: int | float
    longitude: int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(JsonObject):
    """A postal address."""

    type: tuple[str, ...] = ("Address",)
    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    post_office_box_number: str | None = None
    postal_code: str | None = None
    geo: GeoCoordinates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(JsonObject):
    """An organisation or person that issues, created or hosts something. Endorsements are signed documents and stay verbatim."""

    id: str
    type: tuple[str, ...] = ("Profile",)
    name: str | None = None
    url: str | None = None
    phone: str | None = None
    description: str | None = None
    endorsement: tuple[Document, ...] = ()
    endorsement_jwt: tuple[str, ...] = ()
    image: Image | None = None
    email: str | None = None
    address: Address | None = None
    other_identifier: tuple[IdentifierEntry, ...] = ()
    official: str | None = None
    parent_org: "Profile | str | None" = None
    family_name: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    patronymic_name: str | None = None
    honorific_prefix: str | None = None
    honorific_suffix: str | None = None
    family_name_prefix: str | None = None
    date_of_birth: str | None = None
