using GraphQL.Execution;
using GraphQL.Validation;
using GraphQLParser.AST;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// graphql-dotnet's validator, but for operations with an <see cref="OperationPlan"/>: their document passed all rules before, and what is left is to read the
/// variables and the arguments of the fields that the plan names, with the library's own reading. Whatever is not plainly right goes the library's way after all,
/// which finds the words for it. Called by the library's executer.
/// </summary>
internal sealed class PlanningValidator : IDocumentValidator
{
    private readonly DocumentValidator _library = new();

    public Task<IValidationResult> ValidateAsync(in ValidationOptions options) =>
        options.Rules is OperationPlan plan ? FinishAsync(plan, options) : _library.ValidateAsync(options);

    private async Task<IValidationResult> FinishAsync(OperationPlan plan, ValidationOptions options)
    {
        var context = plan.Borrow(options);
        var (variables, wrong) = await context.GetVariablesValuesAsync();
        if (wrong is null && !context.HasErrors)
        {
            plan.GiveBack(context);
            try
            {
                return new ValidationResult([]) { Variables = variables, ArgumentValues = plan.Fields.Count > 0 ? ReadArguments(plan, options, variables) : null };
            }
            catch (ValidationError)
            {
                // Said better below.
            }
        }
        return await _library.ValidateAsync(options);
    }

    private static Dictionary<GraphQLField, IDictionary<string, ArgumentValue>> ReadArguments(OperationPlan plan, ValidationOptions options, Variables variables)
    {
        var all = new Dictionary<GraphQLField, IDictionary<string, ArgumentValue>>(plan.Fields.Count);
        foreach (var (field, definition) in plan.Fields)
        {
            if (ExecutionHelper.GetArguments(definition.Arguments, field.Arguments, variables, options.Document, field, null) is { } arguments)
                all.Add(field, arguments);
        }
        return all;
    }
}
