"""People, organisations, memberships."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sundry.base.access.rules import Kind, Position
from sundry.base.parties.rules import Verification
from sundry.kernel.identifiers import new_id


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, phone: str | None = None, **fields: object) -> Person:
        person = self.model(email=email, phone=phone, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in, by e-mail or by phone, with a one-time code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    phone = models.CharField(max_length=16, null=True, blank=True, unique=True)  # E.164
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False), name="person_has_email_or_phone"
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="person_phone_is_e164"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never a name or an address: this lands in logs


class Organisation(models.Model):
    """A merchant, a stall, a buyer, a bank ...: what owns things and acts through its people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="CN")  # ISO 3166-1
    uscc = models.CharField(max_length=18, null=True, blank=True, unique=True)  # 统一社会信用代码
    verification = models.CharField(
        max_length=16, default=Verification.NONE.value, choices=[(state.value, state.value) for state in Verification]
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verification__in=[state.value for state in Verification]),
                name="organisation_verification_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation, until it is ended. An ended membership stays, for the record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=16, choices=[(position.value, position.value) for position in Position])
    joined_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended_at__isnull=True), name="one_membership_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(position__in=[position.value for position in Position]), name="membership_position_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
