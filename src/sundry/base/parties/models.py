"""People, organisations, memberships, invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from sundry.base.access.rules import Kind, Position
from sundry.base.parties.rules import Verification
from sundry.kernel.identifiers import new_id

E164 = r"^\+[1-9][0-9]{6,14}$"
USCC = r"^[0-9A-HJ-NPQRTUWXY]{18}$"  # the check digit is for the code to see


if TYPE_CHECKING:
    _Email = models.EmailField[str | None, str | None]
else:
    _Email = models.EmailField


class EmailOrNone(_Email):
    """An e-mail address that is not there is NULL: django-allauth empties one by ""."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value) or None


def no_password() -> str:
    """What stands where others keep a password; different for each, for sessions are tied to it."""
    return make_password(None)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, phone: str | None = None, **fields: object) -> Person:
        person = self.model(email=email, phone=phone, **fields)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in, by e-mail or by phone, with a one-time code. Nobody has a password."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    password = models.CharField(max_length=128, default=no_password, editable=False)
    name = models.CharField(max_length=120, blank=True)
    email = EmailOrNone(max_length=254, null=True, blank=True, unique=True)
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
                condition=Q(email__isnull=True) | (~Q(email="") & Q(email=Lower("email"))),
                name="person_email_is_in_small_letters",
            ),
            models.CheckConstraint(condition=Q(phone__isnull=True) | Q(phone__regex=E164), name="person_phone_is_e164"),
            models.CheckConstraint(
                condition=Q(phone_verified_at__isnull=True) | Q(phone__isnull=False),
                name="person_verified_phone_is_there",
            ),
            models.CheckConstraint(
                condition=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), name="person_has_no_password"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(last_login__isnull=True), name="people_never_signed_in")
        ]

    def __str__(self) -> str:
        return str(self.id)  # never a name or an address: this lands in logs


class Organisation(models.Model):
    """A merchant, a stall, a buyer, a bank ...: what owns things and acts through its people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="CN")  # ISO 3166-1
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="stalls")
    registration = models.CharField(max_length=32, null=True, blank=True)  # in China the 统一社会信用代码
    verification = models.CharField(max_length=16, default=Verification.NONE.value)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # why it was refused
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="organisation_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="organisation_country_is_iso"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | (Q(kind=Kind.STALL.value) & ~Q(parent=F("id"))),
                name="only_a_stall_has_a_parent",
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=True) | ~Q(country="CN") | Q(registration__regex=USCC),
                name="organisation_of_china_has_a_uscc",
            ),
            models.CheckConstraint(
                condition=Q(verification__in=[state.value for state in Verification]),
                name="organisation_verification_is_known",
            ),
            models.CheckConstraint(
                condition=Q(verification=Verification.NONE.value)
                | Q(registration__isnull=False, submitted_at__isnull=False, submitted_by__isnull=False),
                name="what_is_submitted_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    verification__in=[Verification.VERIFIED.value, Verification.REFUSED.value],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(
                    verification__in=[Verification.NONE.value, Verification.SUBMITTED.value],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                ),
                name="what_is_decided_was_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(verification=Verification.REFUSED.value) & ~Q(reason=""))
                | (~Q(verification=Verification.REFUSED.value) & Q(reason="")),
                name="only_a_refusal_has_a_reason",
            ),
            # Whoever only hands a number in must not block the one to whom it belongs.
            models.UniqueConstraint(
                fields=["country", "registration"],
                condition=Q(verification=Verification.VERIFIED.value),
                name="a_number_is_verified_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(verification=Verification.SUBMITTED.value),
                name="organisations_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Membership(models.Model):
    """A person in an organisation, until it is ended. An ended membership stays, for the record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=16)
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
        indexes = [models.Index(fields=["organisation", "id"], condition=Q(ended_at__isnull=True), name="members_now")]

    def __str__(self) -> str:
        return str(self.id)


class Invitation(models.Model):
    """A link by which its recipient becomes a member. Of the link's token only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    position = models.CharField(max_length=16)
    email = EmailOrNone(max_length=254, null=True, blank=True)
    phone = models.CharField(max_length=16, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)  # None: a command
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(position__in=[position.value for position in Position]), name="invitation_position_is_known"
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=False, phone__isnull=True) | Q(email__isnull=True, phone__isnull=False),
                name="invitation_has_one_address",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=E164), name="invitation_phone_is_e164"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_is_accepted_by_somebody",
            ),
            *(
                models.UniqueConstraint(
                    fields=["organisation", field],
                    condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                    name=f"one_invitation_for_{field}",
                )
                for field in ("email", "phone")
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "id"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitations_open",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
