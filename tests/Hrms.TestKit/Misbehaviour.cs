namespace Hrms.TestKit;

/// <summary>One way a node, or the way to it, goes wrong. See <see cref="MisbehavingNode"/>.</summary>
public sealed record Misbehaviour
{
    internal enum How
    {
        Delay, Hang, Cut, DropReply, Duplicate, Truncate, Html, WrongId, Status, Error, NullResult, Result,
    }

    private Misbehaviour(How kind) => Kind = kind;

    internal How Kind { get; }

    internal TimeSpan Wait { get; private init; }

    internal int Code { get; private init; }

    internal string Text { get; private init; } = "";

    /// <summary>Never answers.</summary>
    public static Misbehaviour Hang { get; } = new(How.Hang);

    /// <summary>Closes the connection; the node hears nothing.</summary>
    public static Misbehaviour Cut { get; } = new(How.Cut);

    /// <summary>The node hears it; the caller never learns what it said.</summary>
    public static Misbehaviour DropReply { get; } = new(How.DropReply);

    /// <summary>The node hears it twice; the caller gets the second answer.</summary>
    public static Misbehaviour Duplicate { get; } = new(How.Duplicate);

    /// <summary>Half of the answer.</summary>
    public static Misbehaviour Truncate { get; } = new(How.Truncate);

    /// <summary>A web page, with status 200.</summary>
    public static Misbehaviour Html { get; } = new(How.Html);

    /// <summary>The answer under another id.</summary>
    public static Misbehaviour WrongId { get; } = new(How.WrongId);

    /// <summary>The node's answer, but null for a result: such as a receipt that it does not know.</summary>
    public static Misbehaviour NullResult { get; } = new(How.NullResult);

    public static Misbehaviour PoolFull { get; } = Error(-32000, "txpool is full");

    public static Misbehaviour Delay(TimeSpan wait) => new(How.Delay) { Wait = wait };

    public static Misbehaviour Status(int code) => new(How.Status) { Code = code };

    /// <summary>The node's refusal; the real one hears nothing.</summary>
    public static Misbehaviour Error(int code, string message) => new(How.Error) { Code = code, Text = message };

    /// <summary>Another result than the node's; the real one hears nothing.</summary>
    /// <param name="json">The result as JSON.</param>
    public static Misbehaviour Result(string json) => new(How.Result) { Text = json };

    /// <summary>What Besu says, by its own codes and words.</summary>
    public static IReadOnlyList<Misbehaviour> OfBesu { get; } =
    [
        Error(-32000, "Known transaction"), Error(-32001, "Nonce too low"), Error(-32003, "Transaction gas limit exceeds block gas limit"),
        Error(-32004, "Upfront cost exceeds account balance"), Error(-32006, "Nonce too high"),
        Error(-32007, "Sender account not authorized to send transactions"), Error(-32008, "Initial sync is still in progress"),
        Error(-32009, "Gas price below configured minimum gas price"),
    ];

    /// <summary>All that a caller gets over by asking again.</summary>
    public static IReadOnlyList<Misbehaviour> Passing { get; } =
    [
        Delay(TimeSpan.FromMilliseconds(80)), Cut, DropReply, Duplicate, Truncate, Html, WrongId, NullResult, Status(429), Status(500), Status(503), .. OfBesu, PoolFull,
    ];

    public override string ToString() => Kind switch
    {
        How.Delay => $"Delay {Wait.TotalMilliseconds} ms",
        How.Status => $"Status {Code}",
        How.Error => $"Error {Code} {Text}",
        How.Result => $"Result {Text}",
        _ => Kind.ToString(),
    };
}
