using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>Reads which part of a list a request asks for.</summary>
internal static class Paging
{
    /// <exception cref="ApiProblem">A number is out of bounds.</exception>
    public static PageRequest Of(int? offset, int? limit, int defaultLimit, int maxLimit)
    {
        if (offset is < 0) throw ApiProblem.BadRequest($"offset: expected 0 or more, found {offset}.");
        if (limit is < 1 || limit > maxLimit) throw ApiProblem.BadRequest($"limit: expected 1 to {maxLimit}, found {limit}.");
        return new(offset ?? 0, limit ?? defaultLimit);
    }
}
