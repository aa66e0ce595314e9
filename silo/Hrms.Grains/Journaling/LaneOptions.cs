using System.ComponentModel.DataAnnotations;

namespace Hrms.Grains.Journaling;

/// <summary>How the journal is spread over the ledger's lanes. The same on every silo of a cluster, for as long as the cluster lives.</summary>
public sealed class LaneOptions
{
    /// <summary>Lanes, each with a writer and a signing key of its own. Default 1: one lane carries thousands of changes a second in one transaction a block.</summary>
    [Range(1, 64)]
    public int LaneCount { get; set; } = 1;

    /// <summary>Which lane of the shared ledger is this member's first; its others follow. Default 0.</summary>
    [Range(0, int.MaxValue - 64)]
    public int FirstLane { get; set; }

    /// <summary>Whether this member brings patients' keys to the ledger, by one more lane after its last, which carries no batches. Default false.</summary>
    public bool RegistersPatientKeys { get; set; }
}
