using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>How much of a list one answer holds; stated with its endpoint, so that the OpenAPI document says it too.</summary>
/// <param name="Default">Entries without a limit of the request's own.</param>
/// <param name="Max">Most entries.</param>
internal sealed record PageBounds(int Default, int Max)
{
    /// <summary>Lists whose entries are short.</summary>
    public static PageBounds Usual { get; } = new(50, 200);

    /// <summary>Lists whose entries are drawn.</summary>
    public static PageBounds Plots { get; } = new(12, 24);

    /// <summary>Lists that are mostly read as a whole.</summary>
    public static PageBounds Large { get; } = new(1000, 1000);

    /// <summary>Which part of the list a request asks for.</summary>
    /// <exception cref="ApiProblem">A number is out of bounds.</exception>
    public PageRequest Of(int? offset, int? limit)
    {
        if (offset is < 0) throw ApiProblem.BadRequest($"offset: expected 0 or more, found {offset}.");
        if (limit is < 1 || limit > Max) throw ApiProblem.BadRequest($"limit: expected 1 to {Max}, found {limit}.");
        return new(offset ?? 0, limit ?? Default);
    }
}
