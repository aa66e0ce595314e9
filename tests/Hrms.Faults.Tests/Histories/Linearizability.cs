using System.Numerics;

namespace Hrms.Faults.Tests.Histories;

/// <summary>
/// Whether what clients saw of one patient could have happened one after the other, each operation at one moment between its call and its answer (Herlihy and Wing 1990, linearizability). The search is
/// Wing and Gong's (1993), which remembers what it has tried (Lowe 2017).
/// </summary>
internal static class Linearizability
{
    /// <returns>Null when there is such an order; else the longest beginning of one, and what fits nowhere behind it.</returns>
    public static string? Violation(IEnumerable<Operation> history)
    {
        // A read without an answer says nothing, and changes nothing.
        var all = history.Where(operation => operation.Kind != OperationKind.Read || operation.Answered is not null).OrderBy(operation => operation.Invoked).ToArray();
        var tried = new HashSet<BigInteger>();
        var (order, longest) = (new List<Operation>(), new List<Operation>());
        return Goes(BigInteger.Zero, 0, 0) ? null
            : $"No order explains what was seen. After\n{string.Join('\n', longest)}\nnone of these can be next:\n{string.Join('\n', all.Except(longest))}";

        // A consent is revoked by whoever was told that it is there, so what is done says how many hold, in whatever order it was done.
        bool Goes(BigInteger done, int first, int consents)
        {
            while (first < all.Length && Has(done, first))
                first++;
            var firstAnswer = long.MaxValue;
            for (var i = first; i < all.Length && all[i].Invoked < firstAnswer; i++)
                if (!Has(done, i) && all[i].Answered is { } answered)
                    firstAnswer = Math.Min(firstAnswer, answered);
            // What was never answered may still be to come.
            if (firstAnswer == long.MaxValue)
                return true;
            if (!tried.Add(done))
                return false;
            // Whoever is next was called before anybody who is not done was answered.
            for (var i = first; i < all.Length && all[i].Invoked < firstAnswer; i++)
            {
                if (Has(done, i) || (all[i].Kind == OperationKind.Read && all[i].Saw != consents > 0))
                    continue;
                order.Add(all[i]);
                if (order.Count > longest.Count)
                    longest = [.. order];
                if (Goes(done | (BigInteger.One << i), first, consents + all[i].Kind switch { OperationKind.Grant => 1, OperationKind.Revocation => -1, _ => 0 }))
                    return true;
                order.RemoveAt(order.Count - 1);
            }
            return false;
        }
    }

    private static bool Has(BigInteger done, int index) => !((done >> index) & BigInteger.One).IsZero;
}
