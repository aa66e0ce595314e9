namespace Hrms.Domain.Ports;

/// <summary>
/// Named places where a test lets a step fail, wait or end the process. Inert unless a handler is set: then a passed point costs one comparison.
/// </summary>
public static class Fault
{
    /// <summary>The writer has the lane's lease and has loaded nothing yet.</summary>
    public const string AfterLease = "ledger.after-lease";

    /// <summary>A batch is made and signed, not stored.</summary>
    public const string BeforeStore = "ledger.before-store";

    /// <summary>A batch is stored, not sent.</summary>
    public const string AfterStore = "ledger.after-store";

    /// <summary>A batch was sent; nobody has looked for its receipt.</summary>
    public const string AfterSend = "ledger.after-send";

    /// <summary>A receipt was seen, not stored.</summary>
    public const string AfterReceipt = "ledger.after-receipt";

    /// <summary>A receipt is stored; nobody was told.</summary>
    public const string AfterConfirm = "ledger.after-confirm";

    /// <summary>A batch that lost its nonce is signed again, not stored.</summary>
    public const string BeforeReissue = "ledger.before-reissue";

    /// <summary>A batch that lost its nonce is stored with another, not sent.</summary>
    public const string AfterReissue = "ledger.after-reissue";

    /// <summary>A chain that is behind is about to get stored bytes again.</summary>
    public const string BeforeHeal = "ledger.before-heal";

    /// <summary>Appends were gathered, nothing is written.</summary>
    public const string BeforeAppend = "journal.before-append";

    /// <summary>Appends are durable; no caller has an answer.</summary>
    public const string AfterAppend = "journal.after-append";

    /// <summary>All of the writer and the journal. A suite walks over each, and one that no test reaches fails it.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        AfterLease, BeforeStore, AfterStore, AfterSend, AfterReceipt, AfterConfirm, BeforeReissue, AfterReissue, BeforeHeal, BeforeAppend, AfterAppend,
    ];

    /// <summary>An erasure's beginning is durable; nobody was told.</summary>
    public const string AfterErasureBegun = "erasure.after-begun";

    /// <summary>Everybody was told; the key is still there.</summary>
    public const string AfterErasureTold = "erasure.after-told";

    /// <summary>Key, salts and contents are destroyed; there is no certificate.</summary>
    public const string AfterErasureDestroyed = "erasure.after-destroyed";

    /// <summary>The certificate is durable; the erasure does not count as ended.</summary>
    public const string AfterErasureCertified = "erasure.after-certified";

    /// <summary>The points of an erasure, in order. A suite of its own kills the program at each.</summary>
    public static readonly IReadOnlyList<string> OfErasure = [AfterErasureBegun, AfterErasureTold, AfterErasureDestroyed, AfterErasureCertified];

    /// <summary>A patient's key is durable; it is not in the queue to the ledger.</summary>
    public const string AfterPatientKeyDurable = "patient-key.after-durable";

    /// <summary>A key in the queue is signed for the ledger, not stored so.</summary>
    public const string BeforePatientKeyStored = "patient-key.before-stored";

    /// <summary>The transaction that registers a key is stored, not sent.</summary>
    public const string AfterPatientKeyStored = "patient-key.after-stored";

    /// <summary>The transaction that registers a key was sent; nobody has looked whether the ledger has it.</summary>
    public const string AfterPatientKeySent = "patient-key.after-sent";

    /// <summary>The points of a patient's key on its way to the ledger, in order. A suite of its own kills the program at each.</summary>
    public static readonly IReadOnlyList<string> OfPatientKeys = [AfterPatientKeyDurable, BeforePatientKeyStored, AfterPatientKeyStored, AfterPatientKeySent];

    private static Func<string, ValueTask>? _handler;

    /// <summary>What happens at each point from now on; null: nothing. Set by tests, and by a host that was started for a test.</summary>
    public static void Handle(Func<string, ValueTask>? handler) => _handler = handler;

    /// <summary>Passed by the writer, the journal, an erasure and the registrar of patients' keys.</summary>
    public static ValueTask PointAsync(string name) => _handler is { } handler ? handler(name) : default;
}
