"""What a human changes about their own account. No organisation has a say in it, so nothing here asks for a permission."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from hexmark.errors import Conflict
from hexmark.people.models import Account, Person
from hexmark.people.rules import clean_email, clean_name


@transaction.atomic
def change_own_details(account: Account, *, name: str, language: str) -> None:
    """The account has this name, and mails to the human behind it are written in this language.

    Raises:
        Invalid: the name cannot be used.
    """
    Account.objects.filter(pk=account.pk).update(name=clean_name(name))
    # What an organisation calls somebody is its own record and stays.
    Person.objects.filter(account=account).update(language=language)


def language_of(account: Account) -> str:
    """In which language mails to the human behind the account are written."""
    return Person.objects.filter(account=account).order_by("left_at", "pk").values_list("language", flat=True).first() or "en"


@transaction.atomic
def open_account_without_password(*, email: str, name: str) -> Account:
    """An account exists that is signed in to elsewhere. Whoever calls has proof that the address is theirs.

    Raises:
        Invalid: name or address cannot be used.
        Conflict: the address has an account.
    """
    account = Account(email=clean_email(email), name=clean_name(name))
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save()
            EmailAddress.objects.create(user=account, email=account.email.lower(), verified=True, primary=True)
    except IntegrityError as error:
        raise Conflict("This address has an account. Sign in to it instead.") from error
    return account
