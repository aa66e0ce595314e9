using System.ComponentModel.DataAnnotations;

namespace Hrms.Api.Budgets;

/// <summary>How much callers may cost, from configuration section <c>Hrms:Budget</c> (environment: <c>Hrms__Budget__CostPerMinute=…</c>). A wrong value stops the start.</summary>
public sealed class RequestBudgetOptions
{
    public const string Section = "Hrms:Budget";

    /// <summary>
    /// What one party (patient, practitioner, organisation, device, operator) may cost this process in a minute, all its apps together. Default 60,000: about 100 look-ups or 10 pages of records a
    /// second, far above what a person at a screen asks for. It may be spent at once.
    /// </summary>
    [Range(1_000, 1_000_000_000)]
    public int CostPerMinute { get; set; } = 60_000;

    /// <summary>The same for everybody without a good token at one address (of IPv6: one network of 64 bits). Default 6,000: they get the schema and refusals.</summary>
    [Range(100, 1_000_000_000)]
    public int AnonymousCostPerMinute { get; set; } = 6_000;
}
