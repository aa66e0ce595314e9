using System.ComponentModel.DataAnnotations;

namespace Hrms.Grains.Following;

/// <summary>How the shared ledger is followed. Set by the silo's composition; a wrong value stops the start.</summary>
public sealed class FollowerOptions
{
    /// <summary>How often the nodes are asked for what is new. By time, since a node that has stalled tells of no new block. Default 1 s: a consortium's block.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopped follower rests before it looks again. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StoppedFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the contract's numbers of all lanes are compared with the rows. Default 3 minutes; those of lanes with something new at once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CompareEvery { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a question waits for the nodes before it is answered from the rows alone. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan AskLedgerFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a chain that has other blocks than those that were read is read again from its first one. On in the embedded mode, whose node forgets; blocks of a
    /// consortium are final, so there it is an alarm.
    /// </summary>
    public bool ReadsAgain { get; set; }
}
