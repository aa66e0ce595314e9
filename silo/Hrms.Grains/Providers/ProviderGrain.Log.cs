using Hrms.Contracts;
using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Providers;

internal static partial class ProviderGrainLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The account's history of practitioner {Practitioner} could not be told of {Kind} ({Fault}). It holds, and stands in the practitioner's own stream.")]
    public static partial void AccountNotTold(this ILogger logger, Guid practitioner, AccountEventKind kind, string fault);
}
