namespace Hrms.Contracts;

/// <summary>The patient, in person, has the whole record erased. It can't be taken back. Sent by the GraphQL edge.</summary>
/// <param name="ImpactAcknowledged">Whether the patient was warned that nobody, the patient included, will ever see anything of the record again.</param>
[GenerateSerializer, Immutable, Alias("EraseRecord")]
public sealed record EraseRecord([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] bool ImpactAcknowledged = false);

/// <summary>Says that a record was erased, and names nobody.</summary>
/// <param name="Certificate">A random number that the patient gets. Whoever shows it shows that the record behind it was erased.</param>
/// <param name="Member">The key (RFC 7638 thumbprint) of the consortium's member that erased it.</param>
[GenerateSerializer, Immutable, Alias("ErasureCertificate")]
public sealed record ErasureCertificate([property: Id(0)] Guid Certificate, [property: Id(1)] DateTimeOffset ErasedAt, [property: Id(2)] string Member);

/// <summary>A patient who was erased, for whoever keeps something of theirs beside the record.</summary>
[GenerateSerializer, Immutable, Alias("ErasedPatient")]
public sealed record ErasedPatient([property: Id(0)] PatientId Patient, [property: Id(1)] DateTimeOffset EndedAt);

/// <summary>Who was erased. Asked by the account's server, which deletes the account; every silo knows it alike. The key is 0.</summary>
[Alias("IErasedPatientsGrain")]
public interface IErasedPatientsGrain : IGrainWithIntegerKey
{
    /// <summary>In the order in which their erasures ended, from behind one of them on; null: from the first on.</summary>
    [Alias("Page")]
    Task<IReadOnlyList<ErasedPatient>> PageAsync(ErasedPatient? after, int first);
}

/// <summary>The certificate of one erasure, in a stream of its own, so that it is on the ledger like any event. The key is the certificate's random number.</summary>
[Alias("IErasureGrain")]
public interface IErasureGrain : IGrainWithGuidKey
{
    /// <summary>Told by the grain of the erased patient when nothing can be read any more, and by nobody else. A repeat gives the first certificate.</summary>
    [Alias("Certify")]
    Task<Outcome<ErasureCertificate>> CertifyAsync(DateTimeOffset erasedAt);

    /// <summary>For whoever knows the number.</summary>
    [Alias("View"), Orleans.Concurrency.AlwaysInterleave]
    Task<Outcome<ErasureCertificate>> ViewAsync();

    /// <summary>A self-contained proof of the certificate, as JSON (docs/proof-bundle.md). For whoever knows the number.</summary>
    [Alias("Prove"), Orleans.Concurrency.AlwaysInterleave]
    Task<Outcome<string>> ProveAsync();
}
