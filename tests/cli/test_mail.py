"""`hexmark mail`: the letter that waits, with its link, for whoever runs the machine."""

from click.testing import CliRunner
from tests.world import World

from hexmark.cli import main
from hexmark.mail.actions import Letter, queue
from hexmark.mail.models import Message


def written_to(email: str, acme: World) -> Message:
    """A test letter in the outbox."""
    return queue(Letter(to=email, template="test", language="en", context={"organisation": "Acme"}, organisation_id=acme.organisation.pk))


def test_the_newest_letter_that_waits_is_printed_whatever_the_case_of_the_address(acme: World) -> None:
    written_to("ben@acme.example", acme)
    newest = written_to("ben@acme.example", acme)
    written_to("amara@acme.example", acme)
    result = CliRunner().invoke(main, ["mail", "Ben@Acme.example"])
    assert result.exit_code == 0
    assert result.output == f"Subject: {newest.subject}\n\n{newest.text}\n"


def test_a_letter_that_was_sent_is_not_printed_again(acme: World) -> None:
    message = written_to("ben@acme.example", acme)
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT)
    result = CliRunner().invoke(main, ["mail", "ben@acme.example"])
    assert result.exit_code == 1
    assert "No letter waits for ben@acme.example." in result.output
