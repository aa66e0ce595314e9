namespace Hrms.Contracts;

/// <summary>The patient, or who acts fully for the patient, begins to enrol a wearable or a hub.</summary>
[GenerateSerializer, Immutable, Alias("RegisterDevice")]
public sealed record RegisterDevice([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] string Name);

/// <summary>A device brings the code that it was given, and the key that it will sign with. That it has the key was shown to the ingestion edge by a signature.</summary>
/// <param name="Secret">Of the <see cref="EnrolmentCode"/>.</param>
/// <param name="PublicKey">P-256, SubjectPublicKeyInfo.</param>
[GenerateSerializer, Immutable, Alias("EnrolDevice")]
public sealed record EnrolDevice([property: Id(0)] DeviceId Device, [property: Id(1)] byte[] Secret, [property: Id(2)] byte[] PublicKey);

/// <summary>The patient, or who acts fully for the patient, ends a device.</summary>
[GenerateSerializer, Immutable, Alias("RevokeDevice")]
public sealed record RevokeDevice([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] DeviceId Device);

/// <summary>How far a device's enrolment is.</summary>
[GenerateSerializer]
public enum DeviceStatus
{
    /// <summary>Its code is open: it may register its key.</summary>
    AwaitingKey = 1,
    /// <summary>It sends.</summary>
    Enrolled = 2,
    /// <summary>It sends nothing any more.</summary>
    Revoked = 3,
    /// <summary>It never registered a key, and its code is over.</summary>
    Lapsed = 4,
}

/// <param name="By">Who registered it: the patient, or a delegate; null: from before this was kept, so the patient.</param>
/// <param name="Enrolment">Only in the answer to who registered it, while the code is open.</param>
[GenerateSerializer, Immutable, Alias("DeviceView")]
public sealed record DeviceView(
    [property: Id(0)] DeviceId Id, [property: Id(1)] string Name, [property: Id(2)] DateTimeOffset RegisteredAt, [property: Id(3)] DeviceStatus Status,
    [property: Id(4)] Actor? By = null, [property: Id(5)] DateTimeOffset? EnrolledAt = null, [property: Id(6)] DateTimeOffset? RevokedAt = null,
    [property: Id(7)] DeviceEnrolment? Enrolment = null);

/// <summary>What the patient hands to the device.</summary>
/// <param name="ExpiresAt">From then on the code opens nothing.</param>
[GenerateSerializer, Immutable, Alias("DeviceEnrolment")]
public sealed record DeviceEnrolment([property: Id(0)] EnrolmentCode Code, [property: Id(1)] DateTimeOffset ExpiresAt);

/// <summary>Whose a device is, and the key that its requests have to be signed with.</summary>
/// <param name="PublicKey">P-256, SubjectPublicKeyInfo.</param>
[GenerateSerializer, Immutable, Alias("DeviceIdentity")]
public sealed record DeviceIdentity([property: Id(0)] PatientId Patient, [property: Id(1)] byte[] PublicKey);
