namespace Hrms.Domain.Proofs;

/// <summary>What is wrong with a proof. The first that is found is told; a proof with any is worth nothing.</summary>
public enum ProofFault
{
    /// <summary>The text is no bundle: broken, or with members or values that don't belong.</summary>
    NotABundle = 1,
    UnknownFormat = 2,
    WrongSize = 3,
    /// <summary>Salt, stream, version, previous leaf and sealed bytes do not give the leaf.</summary>
    LeafDiffers = 4,
    /// <summary>Leaf and path do not give the root.</summary>
    PathDiffers = 5,
    EventDoesNotOpen = 6,
    NotAnEvent = 7,
    KindDiffers = 8,
    TimeDiffers = 9,
    ContentDiffers = 10,
    ContentDoesNotOpen = 11,
    NullifierDiffers = 12,
    /// <summary>The events of a history do not lead, one by one, from its first head to its last.</summary>
    HistoryBroken = 13,
    /// <summary>The paper that came with the proof is not signed by a member that is known, or is no consent's.</summary>
    NotAnArtefact = 14,
    /// <summary>The paper tells of another event than the proof.</summary>
    ArtefactDiffers = 15,
    /// <summary>The patient's own signature is not under this paper.</summary>
    PatientSignatureDiffers = 16,

    ChainDiffers = 20,
    GenesisDiffers = 21,
    ContractDiffers = 22,
    RootNotOnLedger = 23,
    TransactionDiffers = 24,
    BlockDiffers = 25,
    ConsentRevoked = 26,
    RevocationNotPublished = 27,
    /// <summary>What was read of the ledger and what it says now contradict each other: nothing is believed until they agree.</summary>
    LedgerDisagrees = 28,
    /// <summary>The ledger does not bear the patient's signature out: its key is not registered there, or is retired, or the signature has expired.</summary>
    PatientSignatureRefused = 29,

    /// <summary>The text is no witness of blocks.</summary>
    NotAWitness = 40,
    /// <summary>The text does not say which ledger and validators to trust.</summary>
    NotATrust = 41,
    /// <summary>A block's header can't be read.</summary>
    HeaderUnreadable = 42,
    /// <summary>A block's header is not sealed by the validators that are trusted.</summary>
    NotSealed = 43,
    /// <summary>The state of the block does not show what it must.</summary>
    StateDiffers = 44,
}

/// <summary>One thing that is wrong, where, and in words.</summary>
/// <param name="Place">The member of the bundle.</param>
public sealed record ProofProblem(ProofFault Fault, string Place, string Text);
