using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Hrms.TestKit.Fuzzing;

/// <summary>
/// Gives a parser damaged inputs without end: whatever comes, it answers, or throws what it says it throws, soon and in little memory. <c>HRMS_FUZZ_ROUNDS</c> sets how many inputs each parser gets,
/// <c>HRMS_SEED</c> which.
/// </summary>
public static class ParserFuzz
{
    private const int RoundsUsual = 3_000;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(1);
    private const long AllocatedMax = 64 << 20;

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("HRMS_FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : RoundsUsual;

    /// <param name="good">Inputs that the parser takes; each is damaged.</param>
    /// <param name="parse">True: it was taken; false: refused.</param>
    /// <param name="thrown">What the parser may throw instead of refusing; others are faults.</param>
    public static void Run(ITestOutputHelper output, IReadOnlyList<byte[]> good, Func<byte[], bool> parse, params Type[] thrown)
    {
        Assert.All(good, input => Assert.True(parse(input), $"This should be taken as it is: {Shown(input)}"));
        var random = Seed.Random(output);
        var (taken, slowest, most) = (0, TimeSpan.Zero, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var input = Mutations.Of(good, random);
            var (spent, allocated) = (TimeSpan.MaxValue, long.MaxValue);
            // A busy machine or a collection may fall into one try: only what is slow each time is the parser's.
            for (var attempt = 0; attempt < 5 && (spent > TimeMax || allocated > AllocatedMax); attempt++)
            {
                var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
                try
                {
                    if (parse(input) && attempt == 0)
                        taken++;
                }
                catch (Exception fault) when (!thrown.Any(said => said.IsInstanceOfType(fault)))
                {
                    Assert.Fail($"Round {round}: {fault}\n{Shown(input)}");
                }
                catch (Exception)
                {
                    // Said beforehand.
                }
                (spent, allocated) = (TimeSpan.FromTicks(Math.Min(spent.Ticks, Stopwatch.GetElapsedTime(began).Ticks)), Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before));
            }
            Assert.True(spent <= TimeMax, $"Round {round}: {spent.TotalMilliseconds:F0} ms\n{Shown(input)}");
            Assert.True(allocated <= AllocatedMax, $"Round {round}: {allocated:N0} bytes allocated\n{Shown(input)}");
            (slowest, most) = (TimeSpan.FromTicks(Math.Max(slowest.Ticks, spent.Ticks)), Math.Max(most, allocated));
        }
        output.WriteLine($"{Rounds} damaged inputs, {taken} taken; the slowest {slowest.TotalMilliseconds:F1} ms, the largest {most / 1024:N0} KiB allocated");
        Assert.True(taken < Rounds, "The damage is too small to show anything.");
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Shown(byte[] input) => $"{Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(input.Length, 4_000)))}\nbase64 {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4_000)))}";
}
