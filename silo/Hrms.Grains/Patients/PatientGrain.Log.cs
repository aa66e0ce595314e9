using Microsoft.Extensions.Logging;

namespace Hrms.Grains.Patients;

internal static partial class PatientGrainLog
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "The content named by event {Version} of stream {Stream} is not what was stored. It was not served.")]
    public static partial void ContentTampered(this ILogger logger, Guid stream, long version);
}
