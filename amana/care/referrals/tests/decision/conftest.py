"""An officer who sends a referral, and the shelter that decides on it."""

from amana.care.referrals.models import Referral
from amana.care.referrals.tests.short import a_house, a_short_referral, an_officer
from amana.design.directory.models import Service
from amana.trust.access.models import User
from tests.worlds import kept


@kept
def officer(db: None) -> User:
    return an_officer()


@kept
def housed(db: None) -> tuple[Service, User]:
    return a_house()


@kept
def house(housed: tuple[Service, User]) -> Service:
    return housed[0]


@kept
def shelter(housed: tuple[Service, User]) -> User:
    return housed[1]


@kept
def referral(officer: User, house: Service) -> Referral:
    return a_short_referral(officer, house)
