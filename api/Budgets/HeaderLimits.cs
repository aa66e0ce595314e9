using Microsoft.Extensions.Primitives;

namespace Hrms.Api.Budgets;

/// <summary>What is read of headers that name media types.</summary>
internal static class HeaderLimits
{
    /// <summary>Longest one: to take apart 30 kB of nonsense costs ASP.NET's reader some hundred megabytes.</summary>
    public const int MediaTypesLengthMax = 2_048;

    /// <summary>Whether a header is of a length that anybody means.</summary>
    public static bool IsShort(StringValues header)
    {
        var length = 0;
        foreach (var value in header)
            length += value?.Length ?? 0;
        return length <= MediaTypesLengthMax;
    }
}
