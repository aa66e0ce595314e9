using System.ComponentModel.DataAnnotations;

namespace Hrms.Grains.Ledger;

/// <summary>How a ledger writer works. Set by the silo's composition; a wrong value stops the start.</summary>
public sealed class LedgerWriterOptions
{
    /// <summary>Most leaves in one batch. Default 1,024: about 46 gas a leaf, and a proof of ten words.</summary>
    [Range(1, 65_536)]
    public int LeavesMax { get; set; } = 1024;

    /// <summary>Most nullifiers in one batch. Default 400: about 10 million gas, below a block's 30 million and Osaka's cap of 16.8 million a transaction.</summary>
    [Range(1, 475)]
    public int NullifiersMax { get; set; } = 400;

    /// <summary>Shortest time between two batches. Default 0.2 s: enough to gather changes under load, too short to notice alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Cadence { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a receipt is asked for. Default 50 ms: an automining node has it at the first question.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ReceiptPoll { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>After how long without a receipt the same bytes are sent again. Default 5 s: more than two blocks.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long a transaction that the contract's view shows as mined, and no node has the receipt of, is taken to have lost it: a node that is stopped
    /// while it makes a block may keep the block's effects without the block. Default 20 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ReceiptLostAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many batches may wait for their receipts. Default 8: more than the cadence makes in a block period of 1 s, so that no change waits for a block in vain.</summary>
    [Range(1, 64)]
    public int InFlightMax { get; set; } = 8;

    /// <summary>How often chain and rows are compared. Default 3 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CompareEvery { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Whether a chain that is behind but agrees as far as it goes is brought up by itself. On in the embedded mode, whose node keeps its blocks in memory; in
    /// production an operator says so.
    /// </summary>
    public bool HealByItself { get; set; }

    /// <summary>How long after a fault of node or database the lane tries again. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopped lane rests before a wake has it look at the chain again. Default 10 s: each change wakes it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StoppedFor { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of the newest roots, and of older ones in turn, each comparison holds against the contract. Default 20.</summary>
    [Range(1, 1_000)]
    public int RootsEach { get; set; } = 20;

    /// <summary>
    /// Publish a batch at every cadence, with paths as long as a full batch's, even when nothing happened, so that timing and size tell nothing. On outside
    /// the embedded mode.
    /// </summary>
    public bool FixedCadence { get; set; }

    /// <summary>With a fixed cadence: how many nullifiers a batch has at least, filled up with random ones. Default 4: 24,300 gas and a slot of storage each.</summary>
    [Range(0, 475)]
    public int NullifiersEach { get; set; } = 4;

    /// <summary>
    /// How long after one patient's key the next goes to the ledger, a random one of those that wait. With a fixed cadence, when none waits, a random number that looks like a key. Default 0: in
    /// the embedded mode, whose chain nobody else reads, at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan PatientKeyCadence { get; set; }

    /// <summary>
    /// As a consortium's chain wants it: a batch every 5 s (17,280 a day and lane), about 152,000 gas each, of up to 16,384 changes (3,276 a second and lane). A patient's key, or what looks
    /// like one, every minute (1,440 a day), 59,100 gas each.
    /// </summary>
    public static LedgerWriterOptions ForConsortium() =>
        new()
        {
            FixedCadence = true, Cadence = TimeSpan.FromSeconds(5), LeavesMax = 16_384, ReceiptPoll = TimeSpan.FromMilliseconds(500), ResendAfter = TimeSpan.FromSeconds(30),
            ReceiptLostAfter = TimeSpan.FromMinutes(2), PatientKeyCadence = TimeSpan.FromMinutes(1),
            // Below any node's limit of pending transactions of one sender, and more than a batch each 5 s needs.
            InFlightMax = 4,
        };
}
