using System.ComponentModel.DataAnnotations;

namespace Hrms.Silo.Hosting;

/// <summary>What a silo needs to know, from configuration section <c>Hrms</c> or from the embedded composition. A wrong value stops the start.</summary>
public sealed class HrmsSiloOptions : IValidatableObject
{
    /// <summary>PostgreSQL of the cluster: journal, contents, keys, and Orleans' own tables.</summary>
    [Required]
    public string Postgres { get; set; } = "";

    /// <summary>JSON-RPC nodes of the ledger, comma-separated.</summary>
    [Required]
    public string LedgerRpc { get; set; } = "";

    /// <summary>A file (mode 0600) with the bearer token that the ledger's nodes ask for; it may be renewed at any time. Empty: none.</summary>
    public string? LedgerTokenFile { get; set; }

    /// <summary>The folder of the key files, readable by this user alone.</summary>
    [Required]
    public string KeyFolder { get; set; } = "";

    /// <summary>The ledger contract; empty in the embedded mode, which deploys its own.</summary>
    public string? LedgerContract { get; set; }

    /// <summary>This installation owns its chain: deploys the contract and heals the chain by itself. Never in a consortium.</summary>
    public bool EmbeddedLedger { get; set; }

    /// <summary>Lanes of the ledger; fixed for the life of a database. Default 1.</summary>
    [Range(1, 64)]
    public int LaneCount { get; set; } = 1;

    /// <summary>In a consortium: which lane of the shared ledger is this member's first, as the members assigned it; its others follow. Default 0.</summary>
    [Range(0, int.MaxValue - 64)]
    public int LedgerFirstLane { get; set; }

    /// <summary>
    /// Patients may register keys of their own and sign consents with them. Takes one more lane after this member's last, which the members assign and whose key is the next in
    /// <c>lanes.json</c>; it carries no batches. The same on every silo. Default false.
    /// </summary>
    public bool PatientKeys { get; set; }

    /// <summary>Hours from a breaking of the glass until its review, when it is not closed, shows to operators. The same on every silo. Default 72.</summary>
    [Range(1, 8_760)]
    public int GlassReviewHours { get; set; } = 72;

    /// <summary>Silos with the same id form one cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "hrms";

    /// <summary>The port silos talk to each other on; 0 picks a free one.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    /// <summary>The port API processes connect to; 0: none, the API is in this process.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>
    /// Milliseconds within which a silo has to answer another's probe. After three probes without an answer two silos together declare it dead, and its grains
    /// begin elsewhere. Default 800, so that nobody waits for a killed silo for much longer than three seconds; raise it where silos stall for longer.
    /// </summary>
    [Range(100, 60_000)]
    public int ProbeTimeoutMilliseconds { get; set; } = 800;

    /// <summary>The address other processes reach this one at.</summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>This process' certificate in the cluster, with what leads to the authority: a PEM file. Null: silos and API are on one machine.</summary>
    public string? ClusterCertificate { get; set; }

    /// <summary>Its private key: a PEM file that this user alone reads.</summary>
    public string? ClusterCertificateKey { get; set; }

    /// <summary>The authority (PEM) whose certificates the cluster's processes have, and nobody else.</summary>
    public string? ClusterAuthority { get; set; }

    /// <summary>What may travel in the clear beyond this machine: <c>Http</c>, <c>Cluster</c>, <c>Postgres</c>, <c>Ledger</c>, with commas between. Default none.</summary>
    public PlaintextPaths Plaintext { get; set; }

    internal ClusterTls Tls => new(ClusterCertificate, ClusterCertificateKey, ClusterAuthority);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Tls.Wrong is { } tls)
            yield return new ValidationResult(tls, [nameof(ClusterCertificate)]);
        if (TransportRules.Cluster(AdvertisedAddress, Tls.IsConfigured, Plaintext) is { } cluster)
            yield return new ValidationResult(cluster, [nameof(AdvertisedAddress)]);
        if (TransportRules.Postgres(Postgres, Plaintext) is { } postgres)
            yield return new ValidationResult(postgres, [nameof(Postgres)]);
        if (TransportRules.Ledger(LedgerRpc, Plaintext) is { } ledger)
            yield return new ValidationResult(ledger, [nameof(LedgerRpc)]);
    }
}
