namespace Hrms.Embedded;

/// <summary>Where and how a private EVM node runs.</summary>
public sealed record EmbeddedEvmNodeOptions
{
    /// <summary>The chain id of every embedded chain.</summary>
    public const int DefaultChainId = 20011;

    /// <summary>Holds the chain's state, kept between runs. One owner at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>The chain's id, in every transaction that is signed for it. Default <see cref="DefaultChainId"/>.</summary>
    public int ChainId { get; init; } = DefaultChainId;

    /// <summary>
    /// Null: a block is mined when there is a transaction, which suits development, since the node keeps every block in
    /// memory. Otherwise a block each time, as a consortium's chain does, for load runs and tests.
    /// </summary>
    public TimeSpan? BlockTime { get; init; }

    /// <summary>Gas in one block. Default 30,000,000, as in the consortium's network kit.</summary>
    public long BlockGasLimit { get; init; } = 30_000_000;

    /// <summary>How long a start may take, reading the former state included. Default two minutes.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock that patience is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
