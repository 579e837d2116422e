using TsVlm.Contracts;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// What a request cannot have: the status and title of the answer, and the sentence that says what was expected and what was found.
/// </summary>
internal sealed class ApiProblem(int status, string title, string detail) : Exception(detail), IUserFacingError
{
    public int Status => status;

    public string Title => title;

    public static ApiProblem NotFound(string what, string detail) =>
        new(StatusCodes.Status404NotFound, $"There is no such {what}.", detail);

    public static ApiProblem NoExperiment(string id) =>
        NotFound("experiment", $"Expected the id of an experiment, found '{id}'. GET /experiments lists them.");

    public static ApiProblem BadRequest(string detail) =>
        new(StatusCodes.Status400BadRequest, "The request cannot be done as asked for.", detail);
}
