using TsVlm.Datagen;
using TsVlm.ServiceDefaults;

return await ServiceHost.Run(args, service =>
{
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddDatagen());
});
