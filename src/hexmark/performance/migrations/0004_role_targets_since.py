from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("performance", "0003_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="roletarget",
            name="since",
            field=models.DateField(default=date(2026, 1, 1)),
            preserve_default=False,
        ),
    ]
