using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Providers;

internal static partial class ProviderGrainLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The account's history of the practitioner with stream {Stream} could not be told ({Fault}) what was taken away. It holds, and stands in that stream.")]
    public static partial void AccountNotTold(this ILogger logger, Guid stream, string fault);
}
