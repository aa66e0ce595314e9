namespace Hrms.Contracts;

/// <summary>Accounting of disclosures. The accounting itself comes with the history (<see cref="ExportHistoryAsync"/>).</summary>
public partial interface IPatientGrain
{
    /// <summary>An operator enters an official body's statement. To everybody else there is no such patient.</summary>
    [Alias("SuspendDisclosures")]
    Task<Outcome<DisclosureSuspension>> SuspendDisclosuresAsync(SuspendDisclosures command);
}
