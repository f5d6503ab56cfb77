"""The server that `send` speaks to: its limits are kept; the sources of secrets."""

import json
from pathlib import Path
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.cli.connecting import Server
from participant_rules.cli.credentials import survey_credentials, token_source
from participant_rules.delivery import ProjectPost, SurveyPost
from participant_rules.sending import RateLimit
from participant_rules.unusable import Unusable
from tests.survey.samples import a_survey

SURVEYS = SurveyTask(a_survey(), None, "add")
PROJECTS = ProjectTask(project.Project(id="P"), None, allow_update=True)


def server(task: Any, *, full_speed: bool = False, url: str = "https://kim:hunter2@example.org/a/") -> Server:
    """A server."""
    return Server(url, task, None, timeout=1.0, full_speed=full_speed)


@pytest.mark.parametrize(
    ("task", "full_speed", "limit"),
    [(SURVEYS, False, RateLimit(1, 10)), (SURVEYS, True, None), (PROJECTS, False, None)],
)
def test_the_limits_of_the_survey_vendor_are_kept(
    task: Any, limit: RateLimit | None, *, full_speed: bool
) -> None:
    """Unless somebody says otherwise; no call is repeated below the journal."""
    with server(task, full_speed=full_speed).connected() as link:
        transport: Any = link.client.transport
        assert (transport.limit, transport.retry.attempts) == (limit, 1)


def test_what_carries_rows() -> None:
    """A bulk post, or a post of one participant each."""
    with server(PROJECTS).connected() as link:
        post = link.post(batch=7, notify=True)
        assert isinstance(post, ProjectPost)
        assert (post.most, post.allow_update, post.notify) == (7, True, True)
    with server(SURVEYS).connected() as link:
        single = link.post(batch=7, notify=False)
        assert isinstance(single, SurveyPost)
        assert (single.most, single.operation) == (1, "add")


def test_what_a_journal_is_about() -> None:
    """Another server, definition or call is another purpose; a slash is not. No password is shown."""
    purposes = {
        server(PROJECTS).purpose,
        server(PROJECTS, url="https://example.org").purpose,
        server(SURVEYS).purpose,
        server(SurveyTask(a_survey(), None)).purpose,
    }
    assert len(purposes) == 4
    assert server(PROJECTS, url="http://a/").purpose == server(PROJECTS, url="http://a").purpose
    assert "hunter2" not in repr(server(PROJECTS)) + server(PROJECTS).host
    assert server(PROJECTS).host == "example.org"


def test_secrets_of_a_file(tmp_path: Path) -> None:
    """A token is read anew each time, so that another program may renew it; no repr shows any."""
    file = tmp_path / "secret.json"
    file.write_text(json.dumps({"token": "hunter2"}))
    source = token_source(file)
    assert source is not None
    assert source.token() == "hunter2"
    file.write_text(json.dumps({"token": "hunter3"}))
    assert source.token() == "hunter3"
    file.write_text(json.dumps({"token": 3}))
    with pytest.raises(Unusable, match="a JSON object with token is expected"):
        source.token()
    file.write_text(json.dumps({"username": "kim@example.com", "apiKey": "hunter2"}))
    found = survey_credentials(file)
    assert found == survey.Credentials("kim@example.com", "hunter2")
    assert "hunter2" not in repr((found, source))


def test_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file is named; without either nobody calls."""
    assert (token_source(None), survey_credentials(None)) == (None, None)
    monkeypatch.setenv("PARTICIPANT_RULES_TOKEN", "hunter2")
    monkeypatch.setenv("PARTICIPANT_RULES_USERNAME", "kim@example.com")
    assert survey_credentials(None) is None
    monkeypatch.setenv("PARTICIPANT_RULES_API_KEY", "hunter3")
    source = token_source(None)
    assert source is not None
    assert source.token() == "hunter2"
    assert survey_credentials(None) == survey.Credentials("kim@example.com", "hunter3")
    monkeypatch.setenv("PARTICIPANT_RULES_TOKEN", " ")
    with pytest.raises(Unusable, match="the token cannot stand in a header"):
        token_source(None)
