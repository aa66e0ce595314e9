using Hrms.Domain.Ports;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Ledger;

internal static partial class LedgerWriterLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Another writer took lane {Lane}; this one stops.")]
    public static partial void LeaseLost(this ILogger logger, int lane);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Lane {Lane} stopped: {Reason}")]
    public static partial void LaneStopped(this ILogger logger, int lane, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lane {Lane} could not work ({Fault}) {Detail}; trying again.")]
    public static partial void RoundFailed(this ILogger logger, int lane, string fault, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node would not take batch {Number} of lane {Lane}: {Hint}. The same bytes are sent again.")]
    public static partial void SendRefused(this ILogger logger, int lane, long number, SendHint hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node would not take the transaction of a patient's key: {Hint}. The same bytes are sent again.")]
    public static partial void PatientKeyRefused(this ILogger logger, SendHint hint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger is behind on lane {Lane}: sending stored batches {From} to {Through} again.")]
    public static partial void Healing(this ILogger logger, int lane, long from, long through);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Number} of lane {Lane} is signed again, attempt {Attempt}: {Reason}. Does something else use the lane's key?")]
    public static partial void SignedAgain(this ILogger logger, int lane, long number, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The key of lane {Lane} has unused nonces {From} to {Through} below the next batch's: they are filled.")]
    public static partial void Filling(this ILogger logger, int lane, ulong from, ulong through);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} batches of lane {Lane} were signed for epoch {Epoch}; they are sent in order.")]
    public static partial void NewEpoch(this ILogger logger, int lane, int count, int epoch);
}
