"""The weather of a session as the circuit's station measured it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Session
from results.models.provenance import ImportRun


class WeatherReading(models.Model):
    """One reading. Temperatures in degrees Celsius, pressure in hPa, wind in km/h, humidity in per cent."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="weather", verbose_name=_("session"))
    at = models.DateTimeField(_("time"))
    air_c = models.DecimalField(_("air"), max_digits=4, decimal_places=1, null=True)
    track_c = models.DecimalField(_("track"), max_digits=4, decimal_places=1, null=True)
    humidity = models.PositiveSmallIntegerField(_("humidity"), null=True)
    pressure_hpa = models.DecimalField(_("pressure"), max_digits=5, decimal_places=1, null=True)
    wind_kmh = models.DecimalField(_("wind"), max_digits=4, decimal_places=1, null=True)
    wind_degrees = models.PositiveSmallIntegerField(_("wind direction"), null=True)
    is_raining = models.BooleanField(_("rain"), default=False)
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("import")
    )

    class Meta:
        verbose_name = _("weather reading")
        verbose_name_plural = _("weather readings")
        ordering = ["session", "at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "at"], name="weather_one_an_instant"),
            models.CheckConstraint(
                condition=Q(humidity__isnull=True) | Q(humidity__lte=100), name="weather_humidity_in_per_cent"
            ),
            models.CheckConstraint(
                condition=Q(wind_degrees__isnull=True) | Q(wind_degrees__lte=360), name="weather_wind_on_the_compass"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.at:%H:%M}"
