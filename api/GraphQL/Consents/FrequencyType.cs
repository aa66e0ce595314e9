using GraphQL;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

/// <summary>At most so many permitted questions, all askers together, in any span of that many units.</summary>
[Name("AccessFrequency")]
public sealed class FrequencyType(AccessFrequency frequency)
{
    public int Frequency => frequency.Frequency;

    public int Period => frequency.Period;

    public PeriodUnit PeriodUnit => frequency.PeriodUnit;
}
