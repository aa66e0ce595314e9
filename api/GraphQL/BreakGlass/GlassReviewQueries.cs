using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.BreakGlass;

public sealed class GlassReviewQueries
{
    [LookUp, Description(
        "Broken glass whose review is not closed, oldest first: of an organisation, to its privacy officers; without one, to operators, what no organisation answers for and what is overdue. "
        + "Empty for everybody else. Each entry that is shown is a line of its patient's history.")]
    public static async Task<IReadOnlyList<BrokenGlassType>> GlassReviews([Id] Guid? organization, IResolveFieldContext context, int first = 25)
    {
        if (first is < 1 or > Limits.PageSizeMax)
            throw Answers.Error(new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} reviews.", "first"));
        await context.NoteLookAsync($"glass reviews of {organization ?? GlassReviewers.Operators.Value}");
        var (asker, queue) = (context.Asker(), context.Provider(organization ?? GlassReviewers.Operators.Value));
        List<BrokenGlassType> reviews = [];
        // After a fault an entry may be about a review that is closed, or about nothing: such don't take the others' places.
        for (GlassEntry? last = null; reviews.Count < first;)
        {
            var entries = await queue.ReviewsAsync(asker, last, first - reviews.Count);
            if (entries.Count == 0)
                break;
            last = entries[^1];
            var views = await Task.WhenAll(entries.Select(entry => context.Patient(entry.Patient.Value).GlassReviewAsync(asker, entry.Glass)));
            reviews.AddRange(views.Select(view => view.Value).OfType<BrokenGlassView>()
                .Where(view => view.Review.Status != GlassReviewStatus.Closed).Select(view => new BrokenGlassType(view)));
        }
        return reviews;
    }
}
