using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Hrms.Contracts;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Samples;
using Hrms.Domain.Sealing;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Journaling;

/// <summary>
/// The border of every grain: faults that a caller can act on leave it as refusals, since exceptions don't travel well between processes. All others pass. The grain
/// itself has already put its state back and is deactivating when one of these comes by. On the caller's side it does the same for a grain that could not be
/// activated or reached at all; no call of ours can be cancelled by its caller, so one that was cancelled is one that its silo gave up.
/// </summary>
public sealed class FaultFilter(ILogger<FaultFilter> logger) : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    private static readonly ConcurrentDictionary<Type, Func<Refusal, object>?> Makers = [];

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception fault) when (RefusalOf(fault) is not null && MakerFor(context.InterfaceMethod) is not null)
        {
            // Who expects what does not open has raised the alarm.
            if (fault is SealBrokenException or SampleChunkBrokenException)
                logger.RaiseAtBorder(context.TargetId.ToString());
            context.Result = MakerFor(context.InterfaceMethod)!(RefusalOf(fault)!);
        }
    }

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception fault) when (RefusalOf(fault) is not null || fault is OrleansException or TimeoutException or OperationCanceledException)
        {
            var refusal = RefusalOf(fault) ?? Unreachable;
            if (MakerFor(context.InterfaceMethod) is { } make)
                context.Result = make(refusal);
            else if (refusal.Code == RefusalCode.Unavailable && IsOurs(context.InterfaceMethod))
                throw new UnavailableException(refusal.Message, fault);
            else
                throw;
        }
    }

    /// <summary>Orleans' own calls have answers of their own to their own exceptions.</summary>
    private static bool IsOurs(MethodInfo method) => method.DeclaringType?.Assembly == typeof(UnavailableException).Assembly;

    private static Refusal Unreachable => new(RefusalCode.Unavailable, "The record does not answer now. Repeat with the same command id.");

    private static Refusal? RefusalOf(Exception fault) => fault switch
    {
        JournalBusyException => new Refusal(RefusalCode.Busy, fault.Message),
        JournalConflictException or JournalUnavailableException or UnavailableException => new Refusal(RefusalCode.Unavailable, fault.Message),
        DbException => new Refusal(RefusalCode.Unavailable, "Storage does not answer now. Repeat with the same command id."),
        TamperedException or TamperedBatchException => new Refusal(RefusalCode.Tampered, fault.Message),
        SealBrokenException or SampleChunkBrokenException => new Refusal(RefusalCode.Tampered, "What is stored is not what was written. Run the history check."),
        _ => null,
    };

    /// <summary>Makes the refused outcome that a method of this return type gives; null when it does not return an outcome.</summary>
    private static Func<Refusal, object>? MakerFor(MethodInfo method) => Makers.GetOrAdd(method.ReturnType, static returned =>
        returned is { IsGenericType: true } && returned.GetGenericArguments()[0] is { IsGenericType: true } outcome
        && outcome.GetGenericTypeDefinition() == typeof(Outcome<>)
            ? refusal => Activator.CreateInstance(outcome, null, refusal)!
            : null);
}
