using Hrms.Contracts;

namespace Hrms.Domain.Patients;

/// <summary>A wearable or a hub of the patient's. Its samples are in its own stream, and outlive its revocation.</summary>
public sealed record Device(DeviceId Id, string Name, DateTimeOffset RegisteredAt)
{
    /// <summary>Who registered it; null: the patient.</summary>
    public Actor? By { get; init; }

    /// <summary>Of its code; null: from before devices had keys.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The first moment at which the code opens nothing any more.</summary>
    public DateTimeOffset? SecretUntil { get; init; }

    /// <summary>P-256, SubjectPublicKeyInfo; null: it has registered none.</summary>
    public byte[]? PublicKey { get; init; }

    public DateTimeOffset? EnrolledAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static Device Of(DeviceRegistered e) => new(e.Device, e.Name, e.At) { By = e.By, Secret = e.Secret, SecretUntil = e.Until };

    public DeviceStatus StatusAt(DateTimeOffset now) =>
        RevokedAt is not null ? DeviceStatus.Revoked
        : PublicKey is not null ? DeviceStatus.Enrolled
        : now < SecretUntil ? DeviceStatus.AwaitingKey
        : DeviceStatus.Lapsed;

    /// <summary>It never sent anything and never will: nothing is lost when it goes.</summary>
    public bool IsForgottenAt(DateTimeOffset now) => Secret is not null && PublicKey is null && !(now < SecretUntil);

    public DeviceView View(DateTimeOffset now) => new(Id, Name, RegisteredAt, StatusAt(now), By, EnrolledAt, RevokedAt);

    /// <summary>For who registered it.</summary>
    public DeviceView ViewWithCode(PatientId patient, DateTimeOffset now) => StatusAt(now) == DeviceStatus.AwaitingKey
        ? View(now) with { Enrolment = new DeviceEnrolment(new EnrolmentCode(patient, Id, Secret!), SecretUntil!.Value) } : View(now);
}
