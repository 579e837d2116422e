using Aspire.RabbitMQ.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

// What is used of Aspire.RabbitMQ.Client, named as there, and doing the same in short. Written for its 13.6.5: AspireStandInTests asks for a second look at another.
namespace Aspire.RabbitMQ.Client
{
    public sealed class RabbitMQClientSettings
    {
        public string? ConnectionString { get; set; }

        public int MaxConnectRetryCount { get; set; } = 5;
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspireRabbitMQExtensions
    {
        public static void AddRabbitMQClient(
            this IHostApplicationBuilder builder, string connectionName,
            Action<RabbitMQClientSettings>? configureSettings = null, Action<ConnectionFactory>? configureConnectionFactory = null)
        {
            var settings = new RabbitMQClientSettings { ConnectionString = builder.Configuration.GetConnectionString(connectionName) };
            configureSettings?.Invoke(settings);
            Assert.Equal(0, settings.MaxConnectRetryCount);
            builder.Services.AddSingleton<IConnectionFactory>(_ =>
            {
                var factory = new ConnectionFactory { Uri = new(settings.ConnectionString!) };
                configureConnectionFactory?.Invoke(factory);
                return factory;
            });
            builder.Services.AddSingleton(provider => provider.GetRequiredService<IConnectionFactory>().CreateConnectionAsync().GetAwaiter().GetResult());
            builder.Services.AddHealthChecks().Add(new("RabbitMQ.Client", provider => new Check(provider), failureStatus: null, tags: null));
        }

        private sealed class Check(IServiceProvider provider) : IHealthCheck
        {
            public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
            {
                try
                {
                    await using var channel = await provider.GetRequiredService<IConnection>().CreateChannelAsync(cancellationToken: cancellationToken);
                    return HealthCheckResult.Healthy();
                }
                catch (Exception error)
                {
                    return HealthCheckResult.Unhealthy(exception: error);
                }
            }
        }
    }
}
