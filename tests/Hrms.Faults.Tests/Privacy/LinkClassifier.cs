namespace Hrms.Faults.Tests.Privacy;

/// <summary>What the chain shows of one event: 32 bytes, the batch they came in, and where in it.</summary>
internal sealed record Mark(byte[] Bytes, long Batch, int Place);

/// <summary>
/// Learns from pairs of marks of which it is told whether they are of one patient, and then says of others how likely they are: logistic regression over the
/// distance in batches and places, equal bits, the common beginning and end, and each byte's difference.
/// </summary>
internal static class LinkClassifier
{
    private const int Rounds = 300;
    private const double Step = 0.3, Shrink = 1e-3;

    /// <returns>
    /// The area under the curve on pairs that it was not taught: how often a pair of one patient's gets the higher score than one of two patients'. A half is chance.
    /// </returns>
    public static double Auc(IReadOnlyList<(Guid Patient, Mark Mark)> marks, Random random)
    {
        // Pairs of taught marks teach, pairs of others test: no mark is in both.
        var shuffled = marks.OrderBy(_ => random.Next()).ToList();
        var taught = Pairs([.. shuffled.Take(shuffled.Count / 2)]);
        var tested = Pairs([.. shuffled.Skip(shuffled.Count / 2)]);
        var (mean, spread) = Scale(taught);
        var weights = Learn([.. taught.Select(pair => (Scaled(pair.Features, mean, spread), pair.Same))]);
        var scores = tested.Select(pair => (Score: Dot(weights, Scaled(pair.Features, mean, spread)), pair.Same)).ToLookup(pair => pair.Same, pair => pair.Score);
        return scores[true].Average(same => scores[false].Average(other => same > other ? 1 : same == other ? 0.5 : 0.0));
    }

    private static List<(double[] Features, bool Same)> Pairs(List<(Guid Patient, Mark Mark)> marks) =>
        [.. from i in Enumerable.Range(0, marks.Count) from j in Enumerable.Range(0, i) select (Features(marks[i].Mark, marks[j].Mark), marks[i].Patient == marks[j].Patient)];

    private static double[] Features(Mark one, Mark two) =>
    [
        1, Math.Log(1 + Math.Abs(one.Batch - two.Batch)), Math.Abs(one.Batch - two.Batch) == 1 ? 1 : 0, Math.Abs(one.Place - two.Place),
        one.Bytes.Zip(two.Bytes, (x, y) => byte.PopCount((byte)~(x ^ y))).Sum(count => count), Common(one.Bytes, two.Bytes), Common([.. one.Bytes.Reverse()], [.. two.Bytes.Reverse()]),
        .. one.Bytes.Zip(two.Bytes, (x, y) => (double)Math.Abs(x - y)),
    ];

    private static int Common(byte[] one, byte[] two) => one.Zip(two).TakeWhile(pair => pair.First == pair.Second).Count();

    private static double[] Learn(List<(double[] Features, bool Same)> pairs)
    {
        var weights = new double[pairs[0].Features.Length];
        var (same, other) = (pairs.Count(pair => pair.Same), pairs.Count(pair => !pair.Same));
        for (var round = 0; round < Rounds; round++)
        {
            var slope = new double[weights.Length];
            foreach (var (features, isSame) in pairs)
            {
                // Few pairs are of one patient: both kinds count alike.
                var off = ((isSame ? 1 : 0) - 1 / (1 + Math.Exp(-Dot(weights, features)))) / (isSame ? same : other);
                for (var i = 0; i < slope.Length; i++)
                    slope[i] += off * features[i];
            }
            for (var i = 0; i < weights.Length; i++)
                weights[i] += Step * (slope[i] - Shrink * weights[i]);
        }
        return weights;
    }

    private static (double[] Mean, double[] Spread) Scale(List<(double[] Features, bool Same)> pairs)
    {
        var mean = Enumerable.Range(0, pairs[0].Features.Length).Select(i => pairs.Average(pair => pair.Features[i])).ToArray();
        var spread = mean.Select((average, i) => Math.Sqrt(pairs.Average(pair => Math.Pow(pair.Features[i] - average, 2)))).ToArray();
        return (mean, spread);
    }

    private static double[] Scaled(double[] features, double[] mean, double[] spread) =>
        [.. features.Select((feature, i) => i == 0 ? 1 : spread[i] == 0 ? 0 : (feature - mean[i]) / spread[i])];

    private static double Dot(double[] one, double[] two) => one.Zip(two, (x, y) => x * y).Sum();
}
