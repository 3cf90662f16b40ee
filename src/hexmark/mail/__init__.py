"""Messages to people: an outbox, templates in several languages, delivery.

A room that has something to tell somebody queues a `Letter` in the transaction of its change; the letter is rendered then, kept in the
outbox, and delivered by a job. Templates stand in `templates/mail/<template>/`: `<language>.txt`, whose first line is `Subject: …`,
`<language>.html`, which extends `mail/layout.html`, and `sample.json` with what a preview shows.
"""
