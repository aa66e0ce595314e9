using Microsoft.Extensions.Logging;

namespace Hrms.Storage.Journal;

/// <summary>Log lines of the journal's writers: counts and codes only.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1, LogLevel.Warning, "The answer for a batch of {Appends} appends was lost at attempt {Attempt}; asking again.")]
    public static partial void Lost(ILogger log, int appends, int attempt, Exception fault);

    [LoggerMessage(2, LogLevel.Error, "PostgreSQL refused a batch of {Appends} appends with SQLSTATE {SqlState}.")]
    public static partial void Refused(ILogger log, int appends, string sqlState);
}
