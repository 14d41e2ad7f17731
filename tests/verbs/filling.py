"""Forms filled as the rating page fills them."""

from annotate.answers import rows
from annotate.protocol_file import parse
from data.shipped import taxonomy_of
from data.store import assignments, items, room, studies


def fill(store, study_id, name, values, some=None):
    """Rate all of a rater's forms through the code of the pages."""
    with store.writing() as session:
        version = studies.latest_protocol(session, study_id=study_id)
        wanted = parse(version.text)
        things = {item.key: item for item in items.in_study(session, study_id=study_id)}
        asked = wanted.composite or [question.key for question in wanted.questions]
        for form in assignments.forms(session, study_id=study_id):
            given = form.assignment
            if given.rater != name or form.submitted or (some and given.item not in some):
                continue
            answers = {key: {"value": values(given.item)} for key in asked}
            room.submit(
                session,
                assignment=assignments.one(session, assignment_id=form.assignment_id),
                protocol_version_id=version.id,
                key=f"{name}-{given.item}-{given.round}",
                form=answers,
                rows=rows(wanted, things[given.item], answers, given, taxonomy=taxonomy_of(wanted)),
            )
