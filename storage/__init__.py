"""SQLAlchemy: tables, unit of work, a repository per aggregate, outbox, migrations. SQL lives here and nowhere else."""
