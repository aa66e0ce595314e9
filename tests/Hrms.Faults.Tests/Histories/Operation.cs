namespace Hrms.Faults.Tests.Histories;

internal enum OperationKind
{
    Grant,
    Revocation,

    /// <summary>A practitioner asks for the record.</summary>
    Read,
}

/// <summary>Something that a client did to one patient's record, from its call to its answer.</summary>
/// <param name="Invoked">When it was called, by a counter that all clients share.</param>
/// <param name="Answered">When its answer was there; null: nobody knows whether it was done, or will be.</param>
/// <param name="Consent">Which consent a grant makes and a revocation ends.</param>
/// <param name="Saw">Of a read: whether the record came.</param>
internal sealed record Operation(OperationKind Kind, long Invoked, long? Answered, int Consent = 0, bool Saw = false)
{
    public override string ToString() => $"[{Invoked}, {(Answered is { } at ? at : "?")}] " + Kind switch
    {
        OperationKind.Grant => $"grant {Consent}",
        OperationKind.Revocation => $"revoke {Consent}",
        _ => Saw ? "a read that saw it" : "a read that saw nothing",
    };
}
