using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using TsVlm.Artifacts;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Api;

namespace TsVlm.Services.Tests.Scenarios;

public class ApiErrorsTests
{
    [Fact]
    public void A_database_that_is_away_is_503_however_it_is_wrapped()
    {
        var away = new DatabaseError(sqlState: null);
        foreach (var error in (Exception[])[away, new InvalidOperationException("EF Core", away), new DbUpdateException("EF Core", away),
            new InvalidOperationException("EF Core", new InvalidOperationException("retries", away))])
            Assert.Equal((503, "The run state does not answer."), StatusOf(error));
    }

    [Fact]
    public void A_store_or_broker_that_is_away_is_503_too()
    {
        Assert.Equal((503, "The artifact store does not answer."),
            StatusOf(new InvalidOperationException("wrapped", new ArtifactStoreException("away", new SocketException()))));
        Assert.Equal(503, StatusOf(new SocketException()).Status);
    }

    [Fact]
    public void A_refusal_of_the_database_is_no_outage() =>
        Assert.All((Exception[])[new DatabaseError("23505"), new DatabaseError("22021"), new SqliteException("unique", 19)],
            refusal => Assert.Equal(500, StatusOf(new DbUpdateException("EF Core", refusal)).Status));

    [Fact]
    public void A_locked_database_is_an_outage() =>
        Assert.All((Exception[])[new SqliteException("locked", 5), new DatabaseError("57P01")], error => Assert.Equal(503, StatusOf(error).Status));

    [Fact]
    public void A_mistake_of_the_client_is_400_without_names_of_types()
    {
        Assert.Equal(400, StatusOf(new GridException("seeds: expected a number.")).Status);
        var error = Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Dictionary<string, int>>("{\"a\":\"x\"}"));
        var (status, _, detail) = ApiErrors.Describe(error);
        Assert.Equal((400, "body(1): expected JSON as /openapi/v1.json describes it, found something else at $.a."), (status, detail));
    }

    private static (int Status, string Title) StatusOf(Exception error) => ApiErrors.Describe(error) is var (status, title, _)
        ? (status, title) : default;

    private sealed class DatabaseError(string? sqlState) : DbException("of the driver")
    {
        public override string? SqlState { get; } = sqlState;
    }
}
